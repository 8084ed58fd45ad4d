using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Expectations of the next message and of who sent it.</summary>
public abstract partial class TestKitBase
{
    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(duration, hint, (_, s) => Same(sender, s, hint), blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(duration, hint, (_, s) => Same(sender, s, hint), blocking: false, cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(duration, hint, (m, s) => { Same(sender, s, hint); _assertions.AssertEqual(message, m, "{0}", hint ?? ""); }, blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, T message, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(duration, hint, (m, s) => { Same(sender, s, hint); _assertions.AssertEqual(message, m, "{0}", hint ?? ""); }, blocking: false, cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(duration, hint, (m, s) => { Same(sender, s, hint); Accepted(isMessage(m), m, hint); }, blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(duration, hint, (m, s) => { Same(sender, s, hint); Accepted(isMessage(m), m, hint); }, blocking: false, cancellationToken);

    public T ExpectMsgFrom<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(duration, hint, (m, s) => { Accepted(isSender(s), s, hint); Accepted(isMessage(m), m, hint); }, blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgFromAsync<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(duration, hint, (m, s) => { Accepted(isSender(s), s, hint); Accepted(isMessage(m), m, hint); }, blocking: false, cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(duration, hint, (m, s) => { Same(sender, s, hint); assertMessage(m); }, blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(duration, hint, (m, s) => { Same(sender, s, hint); assertMessage(m); }, blocking: false, cancellationToken);

    public T ExpectMsgFrom<T>(Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Done(ExpectAsync<T>(duration, hint, (m, s) => { assertSender(s); assertMessage(m); }, blocking: true, cancellationToken));

    public ValueTask<T> ExpectMsgFromAsync<T>(Action<IActorRef> assertSender, Action<T> assertMessage, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectAsync<T>(duration, hint, (m, s) => { assertSender(s); assertMessage(m); }, blocking: false, cancellationToken);

    private void Same(IActorRef expected, IActorRef actual, string? hint) =>
        _assertions.AssertTrue(expected.Equals(actual), "Sender does not match, {0} expected, {1} received from. {2}", expected, actual, hint ?? "");

    private void Accepted(bool accepted, object? what, string? hint) =>
        _assertions.AssertTrue(accepted, "The predicate does not accept <{0}>. {1}", what, hint ?? "");
}
