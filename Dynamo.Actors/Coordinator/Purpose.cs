using Dynamo.Core.Ring;

namespace Dynamo.Actors.Coordinator;

/// <summary>The purpose of a queued item, which determines where its answer goes.</summary>
internal abstract class Purpose
{
    private Purpose()
    {
    }

    /// <summary>A participant's part in a request.</summary>
    public sealed class Part(Pending request, int place) : Purpose
    {
        public Pending Request => request;

        public int Place => place;
    }

    /// <summary>A copy of a put for a node that will own the partition but does not serve it yet; counts in no quorum.</summary>
    public sealed class Incoming(PendingPut put, NodeId node) : Purpose
    {
        public PendingPut Put => put;

        public NodeId Node => node;
    }

    /// <summary>Read repair, or a hint kept beside the request: nobody waits for the answer.</summary>
    public sealed class Mending : Purpose
    {
        public static readonly Mending Instance = new();
    }
}
