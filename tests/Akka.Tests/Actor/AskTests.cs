using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Actor;

public sealed class AskTests : ActorTest
{
    private IActorRef Echo() => Spawn((message, context) => context.Sender.Tell(message, context.Self));

    private IActorRef Silent() => Spawn((_, _) => { });

    [Fact]
    public async Task The_reply_is_the_result()
    {
        Assert.Equal("x", await Echo().Ask<string>("x", Deadline));
        Assert.Equal("y", await Echo().Ask("y", Deadline));
        Assert.Equal(3, await Spawn((message, _) => ((IActorRef)message).Tell(3))
            .Ask<int>(replyTo => replyTo, Deadline, CancellationToken.None));
    }

    [Fact]
    public async Task No_reply_in_time_is_an_AskTimeoutException() =>
        await Assert.ThrowsAsync<AskTimeoutException>(() => Silent().Ask<string>("x", TimeSpan.FromMilliseconds(20)));

    [Fact]
    public async Task A_dead_actor_does_not_reply()
    {
        var dead = Silent();
        Assert.True(await dead.GracefulStop(Deadline));
        await Assert.ThrowsAsync<AskTimeoutException>(() => dead.Ask<string>("x", TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public async Task A_reply_of_another_type_and_a_failure_fail_the_task()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Echo().Ask<string>(5, Deadline));
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Echo().Ask<string>(new Status.Failure(new InvalidOperationException("no")), Deadline));
        Assert.Equal("no", failure.Message);
    }

    [Fact]
    public async Task A_canceled_token_cancels_the_task()
    {
        using var source = new CancellationTokenSource();
        var ask = Silent().Ask<string>("x", Deadline, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ask);
    }

    [Fact]
    public async Task A_late_reply_is_a_dead_letter()
    {
        var letters = Record();
        Sys.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        var asker = new TaskCompletionSource<IActorRef>();
        var slow = Spawn((_, context) => asker.TrySetResult(context.Sender));
        await Assert.ThrowsAsync<AskTimeoutException>(() => slow.Ask<string>("x", TimeSpan.FromMilliseconds(20)));
        (await asker.Task).Tell("late");
        Assert.Equal("late", (await letters.Expect<DeadLetter>()).Message);
    }

    [Fact]
    public async Task The_asker_can_be_found_by_its_path_until_it_is_answered()
    {
        var provider = ((ExtendedActorSystem)Sys).Provider;
        var byPath = Spawn((message, context) => provider.ResolveActorRef(context.Sender.Path.ToSerializationFormat()).Tell(message));
        Assert.Equal("x", await byPath.Ask<string>("x", Deadline));

        IActorRef? asker = null;
        await Spawn((_, context) =>
        {
            asker = context.Sender;
            Assert.Equal("temp", asker.Path.Parent.Name);
            Assert.DoesNotContain('$', asker.Path.Name);
            asker.Tell("ok");
        }).Ask("?", Deadline);
#if AKKA_BUNDLED
        Assert.NotSame(asker, provider.ResolveActorRef(asker!.Path));
#endif
    }

    [Fact]
    public async Task Many_asks_at_once_are_each_answered_with_their_own()
    {
        var echo = Echo();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20_000).Select(i => echo.Ask<int>(i, Deadline)));
        Assert.Equal(Enumerable.Range(0, 20_000), answers);
    }

    [Fact]
    public async Task PipeTo_sends_the_result_the_failure_or_what_is_made_of_them()
    {
        var recorder = Record();
        var sender = Silent();
        await Task.FromResult("plain").PipeTo(recorder.Ref, sender);
        await recorder.Expect("plain");
        Assert.Equal(sender, recorder.LastSender);

        var later = new TaskCompletionSource<int>();
        var piped = later.Task.PipeTo(recorder.Ref, success: number => "made of " + number);
        later.SetResult(7);
        await piped;
        await recorder.Expect("made of 7");

        await Task.FromException<int>(new InvalidOperationException("no")).PipeTo(recorder.Ref);
        Assert.Equal("no", (await recorder.Expect<Status.Failure>()).Cause.Message);
        await Task.FromException(new InvalidOperationException("no")).PipeTo(recorder.Ref, failure: e => "failed: " + e.Message);
        await recorder.Expect("failed: no");
        await Task.CompletedTask.PipeTo(recorder.Ref, success: () => "done");
        await recorder.Expect("done");
        await Task.FromCanceled<int>(new CancellationToken(true)).PipeTo(recorder.Ref, failure: e => e is OperationCanceledException);
        await recorder.Expect(true);
    }

    [Fact]
    public async Task An_actor_pipes_an_ask_to_itself()
    {
        var recorder = Record();
        var echo = Echo();
        var silent = Silent();
        var asker = Spawn((message, context) =>
        {
            if (message is "ask")
            {
                echo.Ask<string>("answer", Deadline).PipeTo(context.Self, context.Self);
                silent.Ask<string>("?", TimeSpan.FromMilliseconds(20)).PipeTo(context.Self, failure: e => e.GetType().Name);
            }
            else
            {
                recorder.Ref.Tell(message, context.Sender);
            }
        });
        asker.Tell("ask");
        await recorder.Expect("answer", nameof(AskTimeoutException));
    }
}
