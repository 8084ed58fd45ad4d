using Dynamo.Core.Membership;
using Dynamo.Core.Ring;

namespace Dynamo.Core.Tests.Membership;

/// <summary>A member speaks from another address than the one it is known by: a new life, or a second node with the name.</summary>
public sealed class NameGuardTests
{
    private static readonly NodeId N1 = new("n1");
    private static readonly NodeAddress Here = new("here", 1);
    private static readonly NodeAddress There = new("there", 1);
    private static readonly Member Holder = new(N1, Here, 5, MemberStatus.Up, "", 1);
    private readonly NameGuard _guard = new(timeoutMs: 1000);
    private readonly List<NameEffect> _effects = [];

    [Fact]
    public void Messages_from_the_known_address_are_accepted()
    {
        Assert.Equal(NameVerdict.Accept, Judge(Here, 0));
        Assert.Empty(Take());
    }

    [Fact]
    public void Messages_from_another_address_wait_while_the_holder_is_pinged_once()
    {
        Assert.Equal(NameVerdict.Hold, Judge(There, 0));
        Assert.Equal(Here, Assert.IsType<NameEffect.PingHolder>(Assert.Single(Take())).Holder);
        Assert.Equal(NameVerdict.Hold, Judge(There, 500));
        _guard.Tick(999, _effects);
        Assert.Empty(Take());
    }

    [Fact]
    public void A_holder_that_does_not_answer_has_ended_and_the_newcomer_is_welcome()
    {
        Judge(There, 0);
        Take();
        _guard.Tick(1000, _effects);
        Assert.Equal(new NameEffect.NameIsFree(Holder, There), Assert.Single(Take()));
        Assert.Equal(NameVerdict.Accept, Judge(There, 1001));
        Assert.Empty(Take());
    }

    [Fact]
    public void A_holder_that_answers_keeps_its_name_and_the_newcomer_is_refused()
    {
        var number = Begin(0);
        _guard.Answered(N1, Here, number, 300, _effects);
        Assert.Equal(new NameEffect.NameIsTaken(Holder, There), Assert.Single(Take()));
        Assert.Equal(NameVerdict.Refuse, Judge(There, 301));
        Assert.Equal(NameVerdict.Accept, Judge(Here, 302));
    }

    [Fact]
    public void Only_the_holders_own_answer_to_this_ping_from_its_address_counts()
    {
        var number = Begin(0);
        _guard.Answered(new NodeId("n2"), Here, number, 1, _effects);
        _guard.Answered(N1, There, number, 1, _effects);
        _guard.Answered(N1, Here, number + 1, 1, _effects);
        Assert.Empty(Take());
        Assert.Equal(NameVerdict.Hold, Judge(There, 2));
    }

    [Fact]
    public void A_newcomer_that_comes_again_much_later_is_checked_again()
    {
        _guard.Answered(N1, Here, Begin(0), 0, _effects);
        Take();
        Assert.Equal(NameVerdict.Refuse, Judge(There, 9_999));
        Assert.Equal(NameVerdict.Hold, Judge(There, 10_000));
        Assert.IsType<NameEffect.PingHolder>(Assert.Single(Take()));
    }

    [Fact]
    public void A_holder_that_was_silent_and_begins_another_incarnation_is_checked_again()
    {
        Begin(0);
        _guard.Tick(1000, _effects);
        Take();
        Assert.Equal(NameVerdict.Accept, Judge(There, 1001));
        Assert.Equal(NameVerdict.Hold, _guard.Judge(Holder with { Incarnation = 6 }, There, 1002, _effects));
    }

    [Fact]
    public void Once_the_newcomer_is_the_member_its_former_address_is_the_other_one()
    {
        Begin(0);
        _guard.Tick(1000, _effects);
        Take();
        var newHolder = Holder with { Address = There, Incarnation = 6 };
        Assert.Equal(NameVerdict.Accept, _guard.Judge(newHolder, There, 1100, _effects));
        Assert.Equal(NameVerdict.Hold, _guard.Judge(newHolder, Here, 1200, _effects));
        Assert.Equal(There, Assert.IsType<NameEffect.PingHolder>(Assert.Single(Take())).Holder);
    }

    [Fact]
    public void Strangers_with_ever_new_addresses_do_not_fill_the_memory()
    {
        for (var i = 1; i <= 2000; i++) Assert.Equal(NameVerdict.Hold, Judge(new NodeAddress("there", i), 0));
        Assert.Equal(1000, Take().Length);
    }

    private NameVerdict Judge(NodeAddress from, long nowMs) => _guard.Judge(Holder, from, nowMs, _effects);

    private long Begin(long nowMs)
    {
        Judge(There, nowMs);
        return Assert.IsType<NameEffect.PingHolder>(Assert.Single(Take())).Number;
    }

    private NameEffect[] Take()
    {
        NameEffect[] effects = [.. _effects];
        _effects.Clear();
        return effects;
    }
}
