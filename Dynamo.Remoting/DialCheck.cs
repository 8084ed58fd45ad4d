using Akka.Actor;

namespace Dynamo.Remoting;

/// <summary>
/// A management command of the transport: does a new connection to an address lead to the system that is known by it? A system that has connected to this one
/// is sent messages on its own connection, so that an answer to those does not show that it can be dialled.
/// </summary>
/// <param name="address">The address to dial.</param>
/// <param name="answer">Called once, on any thread, within <c>connection-timeout</c> twice.</param>
public sealed class DialCheck(Address address, Action<bool> answer)
{
    public Address Address => address;

    public void Answer(bool isReached) => answer(isReached);
}
