using Dynamo.Core.Calls;
using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Calls;

/// <summary>When a client asks for members and ring, and which node it asks.</summary>
public sealed class DirectoryQuestionsTests
{
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(1);
    private static readonly NodeAddress Address = new("localhost", 7100);
    private readonly Router _router = new(Later, Later);
    private readonly DirectoryQuestions _questions = new(new Random(1));

    [Fact]
    public void The_contacts_are_asked_until_a_member_is_known()
    {
        Assert.Equal((true, null), _questions.Ask(_router, default));
        _questions.Answered();
        _router.TryUse(State(epoch: 1), []);
        Assert.Equal((false, Address), _questions.Ask(_router, Later));
    }

    [Fact]
    public void After_an_unanswered_request_the_contacts_are_asked_again_beside_a_member()
    {
        _router.TryUse(State(epoch: 1), []);
        Assert.False(_questions.Ask(_router, default).ByContacts);
        Assert.Equal((true, Address), _questions.Ask(_router, Later));
    }

    [Fact]
    public void A_member_that_is_believed_down_is_not_asked()
    {
        _router.TryUse(State(epoch: 1), [new NodeId("n1")]);
        Assert.Equal((true, null), _questions.Ask(_router, default));
    }

    [Fact]
    public void A_member_that_answers_is_asked_and_others_are_not()
    {
        var state = State(epoch: 1).With(new Member(new NodeId("n2"), new NodeAddress("localhost", 7200), 1, MemberStatus.Up, "", 1));
        _router.TryUse(state, []);
        _router.Reach.Heard(new NodeId("n1"));
        for (var i = 0; i < 20; i++) Assert.Equal(Address, _questions.Ask(_router, default).Member);
    }

    [Fact]
    public void A_member_that_does_not_answer_the_question_gets_no_requests()
    {
        _router.TryUse(State(epoch: 1), []);
        _router.Reach.Heard(new NodeId("n1"));
        _questions.Ask(_router, default);
        _router.Reach.Probes(Later - TimeSpan.FromMilliseconds(1));
        Assert.True(_router.Reach.Answers(new NodeId("n1")));
        _router.Reach.Probes(Later);
        Assert.False(_router.Reach.Answers(new NodeId("n1")));
    }

    [Fact]
    public void The_directory_is_asked_for_only_now_and_then()
    {
        _router.TryUse(State(epoch: 1), []);
        _questions.Ask(_router, default);
        Assert.False(_questions.IsTime(Later));
        _questions.Answered();
        Assert.False(_questions.IsTime(TimeSpan.FromMilliseconds(249)));
        Assert.True(_questions.IsTime(TimeSpan.FromMilliseconds(250)));
    }

    [Fact]
    public void A_directory_with_an_older_ring_is_ignored()
    {
        Assert.True(_router.TryUse(State(epoch: 2), []));
        Assert.False(_router.TryUse(State(epoch: 1), []));
        Assert.Equal(2, _router.State!.Ring.Epoch);
    }

    private static ClusterState State(long epoch)
    {
        var node = new NodeId("n1");
        return ClusterState.Empty.With(RingVersion.Founding(new HashRing(epoch, [[node]]))).With(new Member(node, Address, 1, MemberStatus.Up, "", 1));
    }
}
