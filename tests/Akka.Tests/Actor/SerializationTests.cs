using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Serialization;

namespace Akka.Tests.Actor;

public interface IWired;

public sealed record Wired(string Text) : IWired;

public sealed record CloserWired(string Text) : IWired;

public sealed record Reference(IActorRef Ref);

public class WiredSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override string Manifest(object o) => o is Wired ? "W" : "C";

    public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(obj is Wired wired ? wired.Text : ((CloserWired)obj).Text);

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        "W" => new Wired(Encoding.UTF8.GetString(bytes)),
        "C" => new CloserWired(Encoding.UTF8.GetString(bytes)),
        _ => throw new SerializationException($"Unknown manifest [{manifest}]"),
    };
}

public sealed class CloserSerializer(ExtendedActorSystem system) : WiredSerializer(system);

public sealed class ReferenceSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 7703;

    public override bool IncludeManifest => true;

    public override byte[] ToBinary(object obj) =>
        Encoding.UTF8.GetBytes(Akka.Serialization.Serialization.SerializedActorPath(((Reference)obj).Ref));

    public override object FromBinary(byte[] bytes, Type type) =>
        new Reference(system.Provider.ResolveActorRef(Encoding.UTF8.GetString(bytes)));
}

public sealed class SerializationTests : ActorTest
{
    private const string Config = """
        akka.actor {
          serializers {
            wired = "Akka.Tests.Actor.WiredSerializer, Akka.Tests"
            closer = "Akka.Tests.Actor.CloserSerializer, Akka.Tests"
            reference = "Akka.Tests.Actor.ReferenceSerializer, Akka.Tests"
          }
          serialization-bindings {
            "Akka.Tests.Actor.IWired, Akka.Tests" = wired
            "Akka.Tests.Actor.CloserWired, Akka.Tests" = closer
            "Akka.Tests.Actor.Reference, Akka.Tests" = reference
          }
          serialization-identifiers {
            "Akka.Tests.Actor.WiredSerializer, Akka.Tests" = 7701
            "Akka.Tests.Actor.CloserSerializer, Akka.Tests" = 7702
          }
        }
        """;

    public SerializationTests()
        : base(Config)
    {
    }

    private object RoundTrip(object message)
    {
        var serializer = Sys.Serialization.FindSerializerFor(message);
        var manifest = Akka.Serialization.Serialization.ManifestFor(serializer, message);
        return Sys.Serialization.Deserialize(Sys.Serialization.Serialize(message), serializer.Identifier, manifest);
    }

    [Fact]
    public void A_type_is_served_by_the_binding_closest_to_it()
    {
        Assert.Equal(7701, Sys.Serialization.FindSerializerFor(new Wired("")).Identifier);
        Assert.Equal(7702, Sys.Serialization.FindSerializerFor(new CloserWired("")).Identifier);
        Assert.Equal(4, Sys.Serialization.FindSerializerFor(Array.Empty<byte>()).Identifier);
    }

    [Fact]
    public void Messages_survive_the_round_trip()
    {
        Assert.Equal(new Wired("x"), RoundTrip(new Wired("x")));
        Assert.Equal(new CloserWired("y"), RoundTrip(new CloserWired("y")));
        var bytes = new byte[] { 1, 2, 3 };
        Assert.Equal(bytes, RoundTrip(bytes));
        var actor = Spawn((_, _) => { });
        Assert.Equal(new Reference(actor), RoundTrip(new Reference(actor)));
    }

    [Fact]
    public void A_reference_is_written_with_the_address_of_the_transport()
    {
        var actor = Spawn((_, _) => { }, "actor");
        var address = new Address("akka.tcp", "test", "host", 1234);
        var path = Akka.Serialization.Serialization.WithTransport(Sys, address, () => Akka.Serialization.Serialization.SerializedActorPath(actor));
        Assert.Equal($"akka.tcp://test@host:1234/user/actor#{actor.Path.Uid}", path);
        Assert.Equal("", Akka.Serialization.Serialization.SerializedActorPath(ActorRefs.NoSender));
    }

    [Fact]
    public void An_unknown_serializer_is_an_error() =>
        Assert.Throws<SerializationException>(() => Sys.Serialization.Deserialize([], 4242, "x"));

    [Fact]
    public async Task Serializers_can_be_set_up_in_code()
    {
        var setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF }")),
            SerializationSetup.Create(system => ImmutableHashSet.Create(
                SerializerDetails.Create("reference", new ReferenceSerializer(system), ImmutableHashSet.Create(typeof(Reference))))));
        var other = ActorSystem.Create("other", setup);
        Assert.Equal(7703, other.Serialization.FindSerializerForType(typeof(Reference)).Identifier);
        await other.Terminate().WaitAsync(Deadline);
    }

#if AKKA_BUNDLED
    [Fact]
    public void A_message_without_a_binding_is_refused_by_name()
    {
        var refused = Assert.Throws<SerializationException>(() => Sys.Serialization.FindSerializerFor(new Died(null!)));
        Assert.Contains(typeof(Died).FullName!, refused.Message, StringComparison.Ordinal);
    }
#endif
}
