using Dynamo.Actors.Shared;
using Dynamo.Core.Ring;
using Dynamo.Protocol;

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

    /// <summary>One slice of a set that is too large for one message.</summary>
    /// <param name="of">The purpose of the whole set.</param>
    public sealed class Slice(Purpose of, int slices) : Purpose
    {
        private int _left = slices;
        private WriteOutcome _outcome = WriteOutcome.Synced;

        public Purpose Of => of;

        /// <returns>The outcome of the whole set, once its last slice is answered.</returns>
        public WriteOutcome? Answered(WriteOutcome outcome)
        {
            _outcome = _outcome.And(outcome);
            return --_left == 0 ? _outcome : null;
        }
    }

    /// <summary>Read repair, or a hint kept beside the request: nobody waits for the answer.</summary>
    public sealed class Mending : Purpose
    {
        public static readonly Mending Instance = new();
    }
}
