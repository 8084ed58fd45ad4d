using System.Collections.Immutable;
using Dynamo.Core.Buckets;
using Dynamo.Core.Membership;
using Dynamo.Core.Quorum;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Requests;

/// <summary>
/// The surroundings of a request, set by the cases' lines without an arrow. n1 coordinates unless they say otherwise; a ring of one partition has its owners
/// in the order of the walk, and the nodes n1 to n9 are known and healthy.
/// </summary>
internal sealed class Surroundings
{
    private readonly HashSet<NodeId> _unknown = [];
    private ImmutableHashSet<NodeId> _down = [];
    private NodeId _self = new("n1");
    private RingVersion _ring = RingVersion.None;

    public QuorumRules Rules { get; private set; } = QuorumRules.Default;

    public ConflictMode Conflicts { get; private set; }

    public int WarnSiblings { get; private set; } = 20;

    public bool IsForwarded { get; private set; }

    public ClusterView View => new(_self, ClusterState.Empty with { Members = Members, Ring = _ring }, _down);

    private ImmutableSortedDictionary<NodeId, Member> Members => Enumerable.Range(1, 9).Select(i => new NodeId($"n{i}")).Where(n => !_unknown.Contains(n))
        .ToImmutableSortedDictionary(n => n, n => new Member(n, new NodeAddress("localhost", 1), 1, MemberStatus.Up, "", 1));

    public void Change(string[] words)
    {
        var nodes = words[1..].Select(w => new NodeId(w)).ToImmutableArray();
        switch (words[0])
        {
            case "ring": _ring = RingVersion.Founding(new HashRing(1, [nodes])); break;
            case "moves-to": _ring = new RingVersion(_ring.To, new HashRing(2, [nodes]), planId: 1, _ring.Standings); break;
            case "self": _self = nodes[0]; break;
            case "down": _down = _down.Union(nodes); break;
            case "unknown": _unknown.UnionWith(nodes); break;
            case "quorum": foreach (var word in words[1..]) Rules = With(word.Split('=')); break;
            case "last-write-wins": Conflicts = ConflictMode.LastWriteWins; break;
            case "warn-siblings": WarnSiblings = int.Parse(words[1]); break;
            case "forwarded": IsForwarded = true; break;
            default: throw new FormatException(string.Join(' ', words));
        }
    }

    private QuorumRules With(string[] number)
    {
        var value = int.Parse(number[1]);
        return number[0] switch
        {
            "N" => Rules with { N = value },
            "R" => Rules with { R = value },
            "W" => Rules with { W = value },
            "PR" => Rules with { PR = value },
            "PW" => Rules with { PW = value },
            "DW" => Rules with { DW = value },
            _ => throw new FormatException(number[0]),
        };
    }
}
