using Akka.Serialization;

namespace Akka.Remote;

/// <summary>While it lasts, references that this thread serializes are written with that address.</summary>
internal readonly ref struct AddressScope(Information information)
{
    private readonly Information? _previous = Akka.Serialization.Serialization.EnterTransport(information);

    public void Dispose() => Akka.Serialization.Serialization.LeaveTransport(_previous);
}
