using Akka.Actor;
using Dynamo.Protocol;

namespace Dynamo.Tests.Support;

/// <summary>The serializer, found as an actor system finds it: by its binding in wire.conf.</summary>
public sealed class SerializerFixture : IDisposable
{
    public SerializerFixture()
    {
        System = (ExtendedActorSystem)ActorSystem.Create(NodePaths.SystemName, Given.Remoting);
        Serializer = (DynamoSerializer)System.Serialization.FindSerializerForType(typeof(IWireMessage));
    }

    public ExtendedActorSystem System { get; }

    public DynamoSerializer Serializer { get; }

    public void Dispose() => System.Terminate().Wait(Given.Long);
}

public abstract class SerializerTest(SerializerFixture fixture) : IClassFixture<SerializerFixture>
{
    protected Akka.Serialization.Serialization Serialization => fixture.System.Serialization;

    protected DynamoSerializer Serializer => fixture.Serializer;

    protected byte[] Bytes(object message) => Serializer.ToBinary(message);

    protected object Again(object message) => Serializer.FromBinary(Bytes(message), Serializer.Manifest(message));
}
