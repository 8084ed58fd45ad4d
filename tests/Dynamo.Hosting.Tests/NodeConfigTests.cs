namespace Dynamo.Hosting.Tests;

public sealed class NodeConfigTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("dynamo.node.weight = 0", "dynamo.node.weight = '0': a whole number from 1 to 1000 is wanted")]
    [InlineData("dynamo.node.wieght = 2", "dynamo.node.wieght is not a setting: did you mean 'weight'?")]
    [InlineData("dynamo.storage.engine = tape", "dynamo.storage.engine = 'tape': sqlite or memory is wanted")]
    [InlineData("akka.remote.dot-netty.tcp.port = 70000", "akka.remote.dot-netty.tcp.port = '70000': a whole number from 0 to 65535 is wanted")]
    [InlineData("akka.remote.dot-netty.tcp.public-port = 70000", "akka.remote.dot-netty.tcp.public-port = '70000': a whole number from 0 to 65535 is wanted")]
    [InlineData("akka.remote.dot-netty.tcp.hostname = \"0.0.0.0\"", "hostname = '0.0.0.0' means all addresses of this machine, and other nodes reach it by none of that name: set akka.remote.dot-netty.tcp.public-hostname")]
    [InlineData("akka.remote.dot-netty.tcp.hostname = \"\"", "hostname = '' means all addresses of this machine")]
    [InlineData("dynamo.cluster.seeds = [\"10.0.0.1:7100\"]", "hostname = '127.0.0.1' is reached only from this machine, and the seed 10.0.0.1:7100 is another one")]
    [InlineData("dynamo.cluster.seeds = [\"a:1\", zzz]", "dynamo.cluster.seeds = ['a:1', 'zzz']: host:port, which 'zzz' is not, is wanted")]
    [InlineData("dynamo.node { weight = 1 }, dynamo.node { zone = a }", "1:27: no ',' is read after 'dynamo.node { … }'")]
    public void An_error_is_reported_after_the_files_name(string text, string said)
    {
        var file = _folder.Write("node.conf", text + "\ndynamo.node.name = n1");
        var message = Assert.Throws<BadConfigException>(() => NodeConfig.Load(file)).Message;
        Assert.StartsWith($"{file}:", message, StringComparison.Ordinal);
        Assert.Contains(said, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var file = _folder.At("none.conf");
        Assert.Equal($"{file}: cannot be read: there is no such file", Assert.Throws<BadConfigException>(() => NodeConfig.Load(file)).Message);
    }

    [Theory]
    [InlineData("hostname = \"0.0.0.0\", port = 7, public-hostname = shop.example", "shop.example:7")]
    [InlineData("hostname = \"0.0.0.0\", port = 7, public-hostname = shop.example, public-port = 17", "shop.example:17")]
    [InlineData("hostname = \"10.0.0.1\", port = 7, public-port = 17", "10.0.0.1:17")]
    public void A_node_is_known_by_its_public_host_and_port(string tcp, string contact) =>
        Assert.Equal(contact, NodeConfig.Parse($"dynamo.node.name = n7\nakka.remote.dot-netty.tcp {{ {tcp} }}").Contact);

    [Fact]
    public void A_nodes_file_overrides_the_reference()
    {
        var config = NodeConfig.Parse("dynamo.node.name = n7\nakka.remote.dot-netty.tcp { hostname = \"127.0.0.1\", port = 7 }");
        Assert.Equal("n7", config.Settings.Node.Id.Name);
        Assert.Equal("127.0.0.1:7", config.Contact);
        Assert.Equal("remote", config.Akka.GetString("akka.actor.provider", null));
    }
}
