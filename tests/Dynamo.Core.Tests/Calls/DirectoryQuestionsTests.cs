using System.Collections.Immutable;
using Dynamo.Core.Calls;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Calls;

/// <summary>When a client asks for members and ring, and which node it asks.</summary>
public sealed class DirectoryQuestionsTests
{
    private const int Enough = 20 * DirectoryQuestions.Rarely;
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);
    private static readonly NodeAddress Address = AddressOf(1);
    private static readonly NodeAddress Contact = new("elsewhere", 7100);
    private readonly Router _router = new(Later, Later);
    private readonly DirectoryQuestions _questions = new(new Random(1), [Contact]);

    [Fact]
    public void The_contacts_are_asked_until_a_member_is_known()
    {
        AssertAsked(byContacts: true, [], _questions.Ask(_router, default));
        _questions.Answered();
        Know(members: 1);
        AssertAsked(byContacts: false, [Address], _questions.Ask(_router, Later));
    }

    [Fact]
    public void After_an_unanswered_request_the_contacts_are_asked_again_beside_a_member()
    {
        Know(members: 1);
        Assert.False(_questions.Ask(_router, default).ByContacts);
        AssertAsked(byContacts: true, [Address], _questions.Ask(_router, Later));
    }

    [Fact]
    public void When_all_members_are_believed_down_the_contacts_are_asked_and_any_node()
    {
        Know(members: 1, down: [1]);
        var asked = Repeat(() => _questions.Ask(_router, default), Enough);
        Assert.All(asked, a => Assert.True(a.ByContacts));
        Assert.All(asked, a => Assert.Single(a.Nodes));
        Assert.Equal([Contact, Address], asked.SelectMany(a => a.Nodes).Distinct().OrderBy(a => a.Host));
    }

    [Fact]
    public void A_member_that_answers_is_asked_and_others_are_not()
    {
        Know(members: 2);
        _router.Reach.Heard(Node(1));
        for (var i = 0; i < Enough; i++) Assert.Equal(Address, Assert.Single(_questions.Ask(_router, default).Nodes));
    }

    [Fact]
    public void A_client_in_use_now_and_then_asks_any_member_or_contact_as_well()
    {
        Know(members: 3);
        _router.Reach.Heard(Node(1));
        var asked = Repeat(() =>
        {
            _questions.Used();
            return _questions.Ask(_router, default);
        }, Enough);
        Assert.All(asked, a => Assert.Equal(Address, a.Nodes[0]));
        NodeAddress[] others = [.. asked.SelectMany(a => a.Nodes.Skip(1))];
        Assert.Equal(Enough / DirectoryQuestions.Rarely, others.Length);
        Assert.Equal([Contact, AddressOf(2), AddressOf(3)], others.Distinct().OrderBy(a => a.ToString()));
    }

    [Fact]
    public void While_the_only_view_is_that_of_a_node_that_sees_few_members_each_question_goes_to_another_node_too()
    {
        Know(members: 5, down: [2, 3, 4, 5]);
        _router.Reach.Heard(Node(1));
        for (var i = 0; i < Enough; i++) Assert.Equal(2, _questions.Ask(_router, default).Nodes.Distinct().Count());
        _router.TryUse(Node(2), State(members: 5, epoch: 1), [Node(1)]);
        _router.Reach.Heard(Node(2));
        for (var i = 0; i < Enough; i++) Assert.Single(_questions.Ask(_router, default).Nodes);
    }

    [Fact]
    public void After_a_request_that_failed_for_want_of_answers_any_members_and_contacts_are_asked_at_once()
    {
        Know(members: 9);
        _router.Reach.Heard(Node(1));
        var asked = Repeat(i => _questions.Failed(_router, (i + 1) * Later), Enough);
        Assert.All(asked, nodes => Assert.Equal(DirectoryQuestions.AfterFailure, nodes.Distinct().Count()));
        Assert.Equal([Contact, .. Enumerable.Range(1, 9).Select(AddressOf)], asked.SelectMany(nodes => nodes).Distinct().OrderBy(a => a.ToString()));
    }

    [Fact]
    public void Requests_that_fail_together_ask_once()
    {
        Know(members: 3);
        Assert.NotEmpty(_questions.Failed(_router, Later));
        Assert.Empty(_questions.Failed(_router, Later + TimeSpan.FromMilliseconds(999)));
        Assert.NotEmpty(_questions.Failed(_router, 2 * Later));
    }

    [Fact]
    public void Nodes_that_are_asked_although_they_did_not_answer_lose_nothing_by_silence()
    {
        Know(members: 3);
        _questions.Failed(_router, Later);
        _router.Reach.Probes(10 * Later);
        Assert.All(Enumerable.Range(1, 3), i => Assert.Equal(0, _router.Reach.Failures(Node(i))));
    }

    [Fact]
    public void A_member_that_does_not_answer_the_question_gets_no_requests()
    {
        Know(members: 1);
        _router.Reach.Heard(Node(1));
        _questions.Ask(_router, default);
        _router.Reach.Probes(Later - TimeSpan.FromMilliseconds(1));
        Assert.True(_router.Reach.Answers(Node(1)));
        _router.Reach.Probes(Later);
        Assert.False(_router.Reach.Answers(Node(1)));
    }

    [Fact]
    public void The_directory_is_asked_for_only_now_and_then()
    {
        Know(members: 1);
        _questions.Ask(_router, default);
        Assert.False(_questions.IsTime(Later));
        _questions.Answered();
        Assert.False(_questions.IsTime(TimeSpan.FromMilliseconds(249)));
        Assert.True(_questions.IsTime(TimeSpan.FromMilliseconds(250)));
    }

    [Fact]
    public void A_directory_with_an_older_ring_is_ignored()
    {
        Assert.True(_router.TryUse(Node(1), State(members: 1, epoch: 2), []));
        Assert.False(_router.TryUse(Node(1), State(members: 1, epoch: 1), []));
        Assert.Equal(2, _router.State!.Ring.Epoch);
    }

    [Fact]
    public void A_node_that_sees_few_members_may_know_a_newer_ring()
    {
        Know(members: 5, down: [2]);
        _router.Reach.Heard(Node(1));
        Assert.False(_router.TryUse(Node(2), State(members: 5, epoch: 1), [Node(1), Node(3), Node(4)]));
        Assert.True(_router.TryUse(Node(2), State(members: 5, epoch: 2), [Node(1), Node(3), Node(4)]));
        Assert.Equal(2, _router.State!.Ring.Epoch);
        Assert.True(_router.SeesMost);
    }

    private static void AssertAsked(bool byContacts, NodeAddress[] nodes, (bool ByContacts, ImmutableArray<NodeAddress> Nodes) asked)
    {
        Assert.Equal(byContacts, asked.ByContacts);
        Assert.Equal(nodes, asked.Nodes);
    }

    private static T[] Repeat<T>(Func<T> act, int count) => Repeat(_ => act(), count);

    private static T[] Repeat<T>(Func<int, T> act, int count) => [.. Enumerable.Range(0, count).Select(act)];

    private void Know(int members, int[]? down = null) => _router.TryUse(Node(1), State(members, epoch: 1), (down ?? []).Select(Node));

    private static NodeId Node(int number) => new($"n{number}");

    private static NodeAddress AddressOf(int number) => new("localhost", 7100 + number);

    private static ClusterState State(int members, long epoch) => Enumerable.Range(1, members).Aggregate(
        ClusterState.Empty.With(RingVersion.Founding(new HashRing(epoch, [[.. Enumerable.Range(1, members).Select(Node)]]))),
        (state, i) => state.With(new Member(Node(i), AddressOf(i), 1, MemberStatus.Up, "", 1)));
}
