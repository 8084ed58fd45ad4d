namespace Dynamo.Host;

internal static class ExitCodes
{
    public const int Stopped = 0;

    /// <summary>The node could not start: its port is in use, its store is damaged.</summary>
    public const int CouldNotStart = 1;

    /// <summary>The node could not go on: one of its actors could not start, failed again and again, or stopped.</summary>
    public const int Failed = 4;

    /// <summary>The node was removed from its cluster, or is not wanted there.</summary>
    public const int Expelled = 3;

    /// <summary>The configuration is wrong.</summary>
    public const int BadConfiguration = 2;
}
