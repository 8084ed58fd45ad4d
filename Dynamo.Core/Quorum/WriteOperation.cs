using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;

namespace Dynamo.Core.Quorum;

/// <summary>Who took a write, and as what; <paramref name="Synced"/>: it is on that node's disk.</summary>
public readonly record struct Taken(Participant By, bool Synced);

/// <summary>
/// One put or delete, from its dot to its last answer. The coordinator is place 0: it stores the write first, which mints the dot, and the
/// set that results goes to the others. A participant that fails is replaced by a stand-in while there is one.
/// </summary>
public sealed class WriteOperation(ImmutableArray<Participant> participants, QuorumRules rules)
{
    private readonly List<Taken> _taken = [];

    public RequestQuorum Quorum { get; } = new(participants, rules.W, rules.PW, rules.DW);

    /// <summary>What the coordinator's store held after it took the write; null before that.</summary>
    public VersionSet? Stored { get; private set; }

    /// <summary>What the writer has seen from now on: its own context, its own dot, and what is replaced; nothing that others wrote and that stands.</summary>
    public CausalContext Seen { get; private set; } = CausalContext.Empty;

    public IReadOnlyList<Taken> Taken => _taken;

    public void Coordinated(VersionSet stored, Dot dot, CausalContext context, bool synced)
    {
        Stored = stored;
        Seen = stored.SeenBy(context, dot);
        Ack(0, synced);
    }

    public void Ack(int place, bool synced)
    {
        if (Quorum.HasAnswered(place)) return;
        Quorum.Ack(place, synced);
        _taken.Add(new Taken(Quorum.Participants[place], synced));
    }

    public void Fail(int place) => Quorum.Fail(place);
}
