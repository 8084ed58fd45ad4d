namespace Dynamo.Core.Membership;

/// <summary>A node's own entry in the cluster's state.</summary>
public static class OwnMember
{
    /// <summary>The state as this node adopts it, and the node's own entry from then on.</summary>
    /// <param name="state">Merged from this node's state and one that it received.</param>
    public static (Member Self, ClusterState State) Adopt(Member self, ClusterState state, Founding founding)
    {
        // A higher incarnation refutes what others know of this node's past; an operator's decision stands.
        var said = state.Members.GetValueOrDefault(self.Id, self);
        if (said.IsGone || said == self with { Status = said.Status })
        {
            self = said;
        }
        else
        {
            self = self.After(said);
            state = state.With(self);
        }
        state = founding.Found(state, self.Id);
        self = state.Members.GetValueOrDefault(self.Id, self);
        // A node reports that it knows of a plan: nothing moves before all do.
        if (!state.Ring.From.IsNone && !self.IsGone) state = state.With(state.Ring.KnownBy(self.Id));
        return (self, state);
    }

    /// <summary>The node with an incarnation above the suspected one.</summary>
    /// <param name="incarnation">The suspected incarnation.</param>
    public static Member Refute(Member self, long incarnation) => self with { Incarnation = Math.Max(self.Incarnation, incarnation) + 1 };
}
