namespace Dynamo.Cli.Shared;

internal static class ExitCodes
{
    public const int Done = 0;
    public const int NotFound = 1;
    public const int BadUsage = 2;

    /// <summary>The cluster could not: too few replicas, no node, a node that does not start.</summary>
    public const int Failed = 3;
}

/// <summary>What the user asked for cannot be; the message is one line.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>What the user asked for did not work; the message is one line.</summary>
internal sealed class FailedException(string message) : Exception(message);
