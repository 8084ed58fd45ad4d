namespace Dynamo.Core.Membership;

/// <summary>What a node says of itself in the cluster's state.</summary>
public static class OwnMember
{
    /// <summary>The state as this node takes it over, and what this node is from then on.</summary>
    /// <param name="state">Merged from what this node knew and what it heard.</param>
    public static (Member Self, ClusterState State) Adopt(Member self, ClusterState state, Founding founding)
    {
        // A higher incarnation refutes what others say of this node's past; an operator's word stands.
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
        // A node that knows of a plan says so: nothing moves before all do.
        if (!state.Ring.From.IsNone && !self.IsGone) state = state.With(state.Ring.KnownBy(self.Id));
        return (self, state);
    }

    /// <summary>A life beyond the one that others found silent.</summary>
    /// <param name="incarnation">Of the life that is refuted.</param>
    public static Member Refute(Member self, long incarnation) => self with { Incarnation = Math.Max(self.Incarnation, incarnation) + 1 };
}
