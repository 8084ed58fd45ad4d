using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Expectations of the next message. Each returns it, and fails if it is another or none comes in time.</summary>
public abstract partial class TestKitBase
{
    /// <summary>Expects the next message to be of the type.</summary>
    public T ExpectMsg<T>(TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(timeout, hint, null, blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(timeout, hint, null, blocking: false, cancellationToken);

    /// <summary>Expects the next message to equal the given one.</summary>
    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(timeout, hint, (m, _) => _assertions.AssertEqual(message, m, "{0}", hint ?? ""), blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(timeout, hint, (m, _) => _assertions.AssertEqual(message, m, "{0}", hint ?? ""), blocking: false, cancellationToken);

    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(timeout, hint, (m, _) => _assertions.AssertEqual(expected, m, comparer, "{0}", hint ?? ""), blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgAsync<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(timeout, hint, (m, _) => _assertions.AssertEqual(expected, m, comparer, "{0}", hint ?? ""), blocking: false, cancellationToken);

    /// <summary>Expects the next message to be of the type and accepted.</summary>
    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(timeout, hint, (m, _) => _assertions.AssertTrue(isMessage(m), "Got a message of the expected type {0}, <{1}>, that the predicate does not accept. {2}", typeof(T).FullName, m, hint ?? ""), blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(timeout, hint, (m, _) => _assertions.AssertTrue(isMessage(m), "Got a message of the expected type {0}, <{1}>, that the predicate does not accept. {2}", typeof(T).FullName, m, hint ?? ""), blocking: false, cancellationToken);

    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(timeout, hint, (m, _) => assert(m), blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(timeout, hint, (m, _) => assert(m), blocking: false, cancellationToken);

    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(timeout, hint, (m, s) => _assertions.AssertTrue(isMessageAndSender(m, s), "Got a message of the expected type {0}, <{1}> from {2}, that the predicate does not accept. {3}", typeof(T).FullName, m, s, hint ?? ""), blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgAsync<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(timeout, hint, (m, s) => _assertions.AssertTrue(isMessageAndSender(m, s), "Got a message of the expected type {0}, <{1}> from {2}, that the predicate does not accept. {3}", typeof(T).FullName, m, s, hint ?? ""), blocking: false, cancellationToken);

    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(timeout, hint, (m, s) => assertMessageAndSender(m, s), blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgAsync<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(timeout, hint, (m, s) => assertMessageAndSender(m, s), blocking: false, cancellationToken);

    /// <summary>Expects the end of an actor that is watched.</summary>
    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsg<Terminated>(t => _assertions.AssertEqual(target, t.ActorRef, "{0}", hint ?? ""), timeout, hint, cancellationToken);

    public ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectMsgAsync<Terminated>(t => _assertions.AssertEqual(target, t.ActorRef, "{0}", hint ?? ""), timeout, hint, cancellationToken);

    /// <summary>Fails if a message comes within the rest of the enclosing <c>Within</c>, or within <c>akka.test.single-expect-default</c>.</summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) => Done(ExpectSilenceAsync(RemainingOrDefault, blocking: true, cancellationToken));

    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        Done(ExpectSilenceAsync(Dilated(duration), blocking: true, cancellationToken));

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public async ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        await ExpectSilenceAsync(RemainingOrDefault, blocking: false, cancellationToken);

    public async ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default) =>
        await ExpectSilenceAsync(Dilated(duration), blocking: false, cancellationToken);

    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    private async ValueTask<T> ExpectAsync<T>(TimeSpan? timeout, string? hint, Action<T, IActorRef>? check, bool blocking, CancellationToken cancellationToken)
    {
        var patience = RemainingOrDilated(timeout);
        var envelope = await TakeAsync(patience, peek: false, blocking, cancellationToken);
        if (envelope is null) throw Failure($"Failed: Timeout {patience} while waiting for a message of type {typeof(T)} {hint}");
        if (envelope.Message is not T message)
            throw Failure($"Failed: Expected a message of type {typeof(T)}, but received {{{envelope.Message}}} (type {envelope.Message?.GetType()}) instead {hint} from {envelope.Sender}");
        check?.Invoke(message, envelope.Sender);
        return message;
    }

    private async ValueTask<bool> ExpectSilenceAsync(TimeSpan duration, bool blocking, CancellationToken cancellationToken)
    {
        var envelope = await TakeAsync(duration, peek: false, blocking, cancellationToken);
        if (envelope is not null) throw Failure($"Failed: Expected no messages during {duration}, instead we received {envelope}");
        _lastWasNoMessage = true;
        return true;
    }
}
