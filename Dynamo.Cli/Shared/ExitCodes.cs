namespace Dynamo.Cli.Shared;

internal static class ExitCodes
{
    public const int Done = 0;
    public const int NotFound = 1;
    public const int BadUsage = 2;

    /// <summary>The cluster could not do it: too few replicas, no node reachable, a node that does not start.</summary>
    public const int Failed = 3;

    /// <summary>The condition of a conditional put or delete does not hold.</summary>
    public const int ConditionFailed = 4;
}

/// <summary>The user's request is invalid; the message is one line.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>The user's request failed; the message is one line.</summary>
internal sealed class FailedException(string message) : Exception(message);
