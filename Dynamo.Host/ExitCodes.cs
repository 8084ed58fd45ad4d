namespace Dynamo.Host;

internal static class ExitCodes
{
    public const int Stopped = 0;

    /// <summary>The node could not start, for example because its port is in use or its store is damaged.</summary>
    public const int CouldNotStart = 1;

    /// <summary>The node could not go on: one of its actors could not start, kept failing, or stopped.</summary>
    public const int Failed = 4;

    /// <summary>The node was removed from its cluster, or the cluster refuses it.</summary>
    public const int Expelled = 3;

    /// <summary>The configuration is invalid.</summary>
    public const int BadConfiguration = 2;
}
