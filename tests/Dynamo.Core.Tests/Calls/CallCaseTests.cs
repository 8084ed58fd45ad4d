using System.Collections.Immutable;
using Dynamo.Core.Calls;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;
using Dynamo.Core.Tests.Requests;

namespace Dynamo.Core.Tests.Calls;

/// <summary>Cases/call.txt: every rule of a request at its client, as events and the step that follows.</summary>
public sealed class CallCaseTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly Router _router = new(probeTimeout: Second, backOff: 2 * Second);
    private CallRoute? _call;
    private bool _isPut;
    private bool _isResent;
    private TimeSpan _now;
    private ClusterState? _state = StateOf("n1", "n2", "n3");
    private ImmutableArray<NodeId> _down = [];
    private ImmutableHashSet<NodeId> _notHeard = [];
    private bool _isMet;
    private bool _isTold;

    public static TheoryData<string> Cases => [.. Case.Read("call.txt").Select(c => c.Title)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Call(string title) => Case.Read("call.txt").Single(c => c.Title == title).Run(Change, words =>
    {
        if (_state is not null && !_isTold) _router.TryUse(new NodeId("n1"), _state, _down);
        Meet();
        if (words is ["probes", "at", var time]) return Probes(TimeSpan.FromMilliseconds(int.Parse(time)));
        _call ??= new CallRoute(StorageKey.Of("k"), _isPut, _isResent, _now + (3 * Second), attemptTimeout: Second);
        return Show(words switch
        {
            ["begun"] => _call.Next(_router, _now),
            ["at", var ms] => TimePassed(TimeSpan.FromMilliseconds(int.Parse(ms))),
            [var node, "not-sent"] => _call.NotSent(new NodeId(node), _router, _now),
            [var node, var kind, var reason] => _call.Refused(new NodeId(node), KindOf(kind), reason, _router, _now),
            _ => throw new FormatException(string.Join(' ', words)),
        });
    });

    // A client acts only on calls that are due.
    private CallStep? TimePassed(TimeSpan now) => _call!.IsDue(_now = now) ? _call.TimePassed(_router, now) : null;

    private string Probes(TimeSpan now) => _router.Reach.Probes(_now = now) is { Count: > 0 } nodes ? string.Join(", ", nodes) : "none";

    // Every node has answered this client before the case begins, unless the case says otherwise.
    private void Meet()
    {
        if (_isMet || _state is null) return;
        _isMet = true;
        foreach (var node in _state.Members.Keys.Except(_notHeard)) _router.Reach.Heard(node);
    }

    private void Change(string[] words)
    {
        switch (words)
        {
            case ["not-heard", .. var nodes]: _notHeard = [.. nodes.Select(n => new NodeId(n))]; break;
            case [var node, "heard"]: _router.Reach.Heard(new NodeId(node)); break;
            case [var node, "served"]: _router.Reach.Served(new NodeId(node)); break;
            case [var node, "believes-down", .. var nodes]:
                Meet();
                _isTold = true;
                _router.TryUse(new NodeId(node), _state!, nodes.Select(n => new NodeId(n)));
                break;
            case ["member", var node]:
                _state = _state! with { Members = _state.Members.Add(new NodeId(node), _state.Members.Values.First() with { Id = new NodeId(node), Status = MemberStatus.Joining }) };
                break;
            case ["get"]: break;
            case ["put"]: _isPut = true; break;
            case ["put", "resent"]: (_isPut, _isResent) = (true, true); break;
            case ["another"]: _call = null; break;
            case ["nothing", "known"]: _state = null; break;
            case ["ring", .. var nodes]: _state = StateOf(nodes); break;
            case ["down", .. var nodes]: _down = [.. nodes.Select(n => new NodeId(n))]; break;
            case ["gone", var node]:
                _state = _state! with { Members = _state.Members.SetItem(new NodeId(node), _state.Members[new NodeId(node)] with { Status = MemberStatus.Removed }) };
                break;
            default: throw new FormatException(string.Join(' ', words));
        }
    }

    private static RefusalKind KindOf(string word) => word switch
    {
        "overloaded" => RefusalKind.Overloaded,
        "wrong-node" => RefusalKind.WrongNode,
        "not-stored" => RefusalKind.NotStored,
        _ => throw new FormatException(word),
    };

    private string Show(CallStep? step) => step switch
    {
        CallStep.Send send => $"send {send.Node}{(send.IsAgain ? " again" : "")} for {send.Timeout.TotalMilliseconds:0} ms",
        null or CallStep.Wait => "wait",
        CallStep.GiveUp(CallFailure.NoAnswer, _) => $"give up: no answer from {string.Join(", ", _call!.Tried)}{(_call.MayHaveTakenEffect ? "; may have taken effect" : "")}",
        CallStep.GiveUp(CallFailure.Overloaded, var refusal) => $"give up: overloaded: {refusal}",
        CallStep.GiveUp(CallFailure.Refused, var refusal) => $"give up: refused: {refusal}",
        CallStep.GiveUp(CallFailure.NobodyKnown, _) => "give up: nobody known",
        CallStep.GiveUp(CallFailure.NoRing, _) => "give up: no ring",
        _ => throw new NotSupportedException(step?.ToString()),
    };

    private static ClusterState StateOf(params string[] nodes)
    {
        ImmutableArray<NodeId> ids = [.. nodes.Select(n => new NodeId(n))];
        var members = ids.ToImmutableSortedDictionary(n => n, n => new Member(n, new NodeAddress("localhost", 1), 1, MemberStatus.Up, "", 1));
        return ClusterState.Empty with { Members = members, Ring = ids.IsEmpty ? RingVersion.None : RingVersion.Founding(new HashRing(1, [ids])) };
    }
}
