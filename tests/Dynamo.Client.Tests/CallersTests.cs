using Akka.TestKit.Xunit2;
using Dynamo.Client.Proxy;
using Dynamo.Core.Buckets;
using Dynamo.Core.Ring;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Client.Tests;

public sealed class CallersTests : TestKit
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly Callers _callers;

    public CallersTests()
    {
        _callers = new Callers(Sys.Dispatchers.DefaultGlobalDispatcher);
        _callers.Belong(TestActor);
    }

    [Fact]
    public void Calls_that_come_together_wake_the_proxy_once()
    {
        var calls = new[] { New(), New() };
        foreach (var call in calls) _callers.Make(call);
        ExpectMsg<CallsMade>(Limit);
        Assert.Equal(calls, _callers.TakeMade());
        // Only now does the next call send a message again.
        _callers.Make(New());
        ExpectMsg<CallsMade>(Limit);
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void Calls_made_as_others_end_come_together()
    {
        var (first, second) = (New(), New());
        var next = new[] { New(), New() };
        _ = first.Reply.ContinueWith(_ => _callers.Make(next[0]), TaskContinuationOptions.ExecuteSynchronously);
        _ = second.Reply.ContinueWith(_ => _callers.Make(next[1]), TaskContinuationOptions.ExecuteSynchronously);
        End(first);
        End(second);
        _callers.Flush();
        ExpectMsg<CallsMade>(Limit);
        Assert.Equal(next, _callers.TakeMade());
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_caller_that_blocks_on_a_later_reply_does_not_hold_it_up()
    {
        var (first, second) = (New(), New());
        var waited = first.Reply.ContinueWith(_ => second.Reply.Wait(Limit), TaskContinuationOptions.ExecuteSynchronously);
        End(first);
        End(second);
        _callers.Flush();
        // The proxy calls this for as long as a reply is waiting.
        AwaitCondition(
            () =>
            {
                _callers.Unblock();
                return second.Reply.IsCompleted;
            },
            Limit, Given.Often);
        Assert.True(await waited.WaitAsync(Limit));
    }

    [Fact]
    public async Task A_blocked_callers_call_is_not_lost()
    {
        var (ended, made, next) = (New(), New(), New());
        using var isMade = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var blocked = ended.Reply.ContinueWith(
            _ =>
            {
                _callers.Make(made);
                isMade.Set();
                release.Wait(Limit);
                _callers.Make(next);
            },
            TaskContinuationOptions.ExecuteSynchronously);
        End(ended);
        _callers.Flush();
        // Before that, it would replace the crew, and the call would be announced at once.
        Assert.True(isMade.Wait(Limit));
        Assert.True(_callers.Unblock());
        Assert.Equal([made], _callers.TakeMade());
        ExpectNoMsg(TimeSpan.Zero);
        // Its calls from now on are announced at once.
        release.Set();
        ExpectMsg<CallsMade>(Limit);
        Assert.Equal([next], _callers.TakeMade());
        await blocked.WaitAsync(Limit);
    }

    [Fact]
    public void A_caller_that_blocks_forever_does_not_hold_up_the_others()
    {
        var (first, second, third) = (New(), New(), New());
        using var release = new ManualResetEventSlim();
        _ = first.Reply.ContinueWith(_ => release.Wait(Limit), TaskContinuationOptions.ExecuteSynchronously);
        End(first);
        End(second);
        _callers.Flush();
        AwaitCondition(() => first.Reply.IsCompleted, Limit, Given.Often);
        _callers.Unblock();
        AwaitCondition(() => second.Reply.IsCompleted, Limit, Given.Often);
        End(third);
        _callers.Flush();
        AwaitCondition(() => third.Reply.IsCompleted, Limit, Given.Often);
        release.Set();
    }

    [Fact]
    public async Task After_the_proxy_has_ended_calls_fail_at_once()
    {
        _callers.Close();
        var call = New();
        _callers.Make(call);
        await Assert.ThrowsAsync<DynamoUnavailableException>(() => call.Reply.WaitAsync(Limit));
        _callers.Open();
        var next = New();
        _callers.Make(next);
        Assert.False(next.Reply.IsCompleted);
    }

    private static Call New() => new(new GetRequest(1, StorageKey.Of("k"), QuorumOverrides.None, 0), Limit);

    private void End(Call call)
    {
        call.EndWith(new GetReply(1, [], default, 1));
        _callers.End(call);
    }
}
