namespace Dynamo.Cluster.Tests;

/// <summary>
/// The two collections of tests, which run side by side, since most of a test is waiting: those with a cluster of three to five nodes, and those with one to
/// three nodes. More at a time would starve each other.
/// </summary>
internal static class Crowd
{
    public const string Clusters = "clusters";

    public const string Nodes = "nodes";
}
