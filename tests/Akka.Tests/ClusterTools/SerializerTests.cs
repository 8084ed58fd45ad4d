using Akka.Actor;
using Akka.Cluster.Tools.Client;
using Akka.Cluster.Tools.Client.Serialization;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.PublishSubscribe.Serialization;
using Akka.Serialization;

namespace Akka.Tests.ClusterTools;

public class SerializerTests : Akka.TestKit.Xunit2.TestKit
{
    public SerializerTests()
        : base(StandInReceptionist.Configuration)
    {
    }

    private ExtendedActorSystem System => (ExtendedActorSystem)Sys;

    [Theory]
    [InlineData("A", "0A0161 0A0162")]
    [InlineData("B", "")]
    [InlineData("C", "")]
    [InlineData("D", "")]
    [InlineData("E", "")]
    public void What_a_client_and_a_receptionist_say_has_its_manifest_and_bytes(string manifest, string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var serializer = new ClusterClientMessageSerializer(System);
        var message = Assert.IsAssignableFrom<IClusterClientMessage>(serializer.FromBinary(bytes, manifest));
        Assert.Equal(manifest, serializer.Manifest(message));
        Assert.Equal(bytes, serializer.ToBinary(message));
    }

    [Theory]
    [InlineData("C", "0A012F 1001 1A070A017810041A00")]
    [InlineData("D", "0A012F 1001 1A070A017810041A00")]
    [InlineData("E", "0A0174 1A070A017810041A00")]
    public void Messages_by_path_and_topic_are_read_from_their_bytes(string manifest, string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        var serializer = new DistributedPubSubMessageSerializer(System);
        var message = (IWrappedMessage)serializer.FromBinary(bytes, manifest);
        Assert.Equal("x"u8.ToArray(), Assert.IsType<byte[]>(message.Message));
        switch (message)
        {
            case Send send:
                Assert.Equal(("/", true), (send.Path, send.LocalAffinity));
                break;
            case SendToAll send:
                Assert.Equal(("/", true), (send.Path, send.ExcludeSelf));
                break;
            case Publish publish:
                Assert.Equal("t", publish.Topic);
                break;
        }
    }

    [Fact]
    public void Messages_by_path_and_topic_come_back()
    {
        foreach (var message in new object[] { new Send("/a", new byte[] { 1 }, true), new SendToAll("/b", new byte[] { 2 }), new Publish("t", new byte[] { 3 }) })
        {
            var serializer = Assert.IsType<DistributedPubSubMessageSerializer>(Sys.Serialization.FindSerializerFor(message));
            Assert.Equal(9, serializer.Identifier);
            var again = (IWrappedMessage)Sys.Serialization.Deserialize(serializer.ToBinary(message), 9, serializer.Manifest(message));
            Assert.Equal(((IWrappedMessage)message).Message, again.Message);
            Assert.Equal(message.GetType(), again.GetType());
        }
    }

    [Fact]
    public void The_bindings_are_in_the_configuration()
    {
        var serializer = Sys.Serialization.FindSerializerForType(typeof(IClusterClientMessage));
        Assert.IsType<ClusterClientMessageSerializer>(serializer);
        Assert.Equal(15, serializer.Identifier);
        Assert.IsAssignableFrom<SerializerWithStringManifest>(serializer);
    }
}
