using Akka.Actor;
using Akka.Util;

namespace Akka.Tests.Actor;

public sealed class PathTests
{
    [Theory]
    [InlineData("akka://sys", "akka", "sys", null, null)]
    [InlineData("akka.tcp://sys@host:4711", "akka.tcp", "sys", "host", 4711)]
    [InlineData("akka.tcp://sys@127.0.0.1:0", "akka.tcp", "sys", "127.0.0.1", 0)]
#if AKKA_BUNDLED
    [InlineData("akka.tcp://sys@[::1]:2552", "akka.tcp", "sys", "[::1]", 2552)]
#endif
    public void An_address_reads_what_it_writes(string text, string protocol, string system, string? host, int? port)
    {
        var address = Address.Parse(text);
        Assert.Equal((protocol, system, host, port), (address.Protocol, address.System, address.Host, address.Port));
        Assert.Equal(text, address.ToString());
        Assert.Equal(address, new Address(protocol, system, host, port));
        Assert.Equal(host is null, address.HasLocalScope);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sys@host:1")]
    [InlineData("akka.tcp://sys@host:x")]
#if AKKA_BUNDLED
    [InlineData("akka.tcp://sys@host:70000")]
    [InlineData("akka.tcp://@host:1")]
#endif
    public void What_is_no_address_is_not_read(string text) => Assert.False(Address.TryParse(text, out _));

    [Theory]
    [InlineData("akka://sys/")]
    [InlineData("akka://sys/user")]
    [InlineData("akka://sys/user/a/b#123456")]
    [InlineData("akka.tcp://sys@host:1234/temp/d")]
    [InlineData("akka.tcp://sys@host:1234/user/a#7")]
    public void A_path_reads_what_it_writes(string text)
    {
        var path = ActorPath.Parse(text);
        Assert.Equal(text, path.ToSerializationFormat());
        Assert.Equal(text.Split('#')[0], path.ToString());
    }

    [Theory]
    [InlineData("user/a")]
    [InlineData("/user/a")]
    [InlineData("http:/x")]
#if AKKA_BUNDLED
    [InlineData("akka://sys/user/a#x")]
#endif
    public void What_is_no_path_is_not_read(string text)
    {
        Assert.False(ActorPath.TryParse(text, out _));
        Assert.ThrowsAny<Exception>(() => ActorPath.Parse(text));
    }

    [Fact]
    public void A_path_knows_its_parts()
    {
        var path = new RootActorPath(new Address("akka", "sys")) / "user" / "a" / "b";
        Assert.Equal(["user", "a", "b"], path.Elements);
        Assert.Equal(("b", "a", 3), (path.Name, path.Parent.Name, path.Depth));
        Assert.Equal("akka://sys/user", path.ParentOf(1).ToString());
        Assert.Equal("/user/a/b", path.ToStringWithoutAddress());
        Assert.Equal("akka://sys/", path.Root.ToString());
        Assert.Equal(path, path.Root / new[] { "user", "a", "b" });
    }

    [Fact]
    public void The_uid_takes_no_part_in_equality()
    {
        var path = ActorPath.Parse("akka://sys/user/a");
        Assert.Equal(path, path.WithUid(5));
        Assert.Equal(path.GetHashCode(), path.WithUid(5).GetHashCode());
        Assert.Equal("akka://sys/user/a#5", path.WithUid(5).ToStringWithUid());
        Assert.NotEqual(path, ActorPath.Parse("akka://other/user/a"));
        Assert.NotEqual(path, ActorPath.Parse("akka://sys/user/b"));
        Assert.NotEqual(path, path / "a");
        Assert.True(path.CompareTo(ActorPath.Parse("akka://sys/user/b")) < 0);
    }

    [Fact]
    public void A_local_path_takes_the_address_it_is_shown_at()
    {
        var here = new Address("akka.tcp", "sys", "host", 99);
        var path = ActorPath.Parse("akka://sys/user/a#5");
        Assert.Equal("akka.tcp://sys@host:99/user/a", path.ToStringWithAddress(here));
        Assert.Equal("akka.tcp://sys@host:99/user/a#5", path.ToSerializationFormatWithAddress(here));
        var elsewhere = ActorPath.Parse("akka.tcp://sys@other:1/user/a#5");
        Assert.Equal("akka.tcp://sys@other:1/user/a#5", elsewhere.ToSerializationFormatWithAddress(here));
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("a-b_c.d*e$f+g:h@i&j=k,l!m~n'o;p", true)]
    [InlineData("%20x", true)]
    [InlineData("%2", false)]
    [InlineData("$a", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    [InlineData("", false)]
    public void A_path_element_is_valid_or_not(string element, bool valid) => Assert.Equal(valid, ActorPath.IsValidPathElement(element));

    [Theory]
    [InlineData("abc", "a*", true)]
    [InlineData("abc", "*c", true)]
    [InlineData("abc", "a?c", true)]
    [InlineData("abc", "*b*", true)]
    [InlineData("abc", "a*b*c*", true)]
    [InlineData("abc", "?", false)]
    [InlineData("abc", "b*", false)]
    [InlineData("", "*", true)]
    public void A_pattern_matches_or_not(string text, string pattern, bool matches) => Assert.Equal(matches, text.Like(pattern));

    [Fact]
    public void A_types_name_on_the_wire_has_its_assembly_and_no_version()
    {
        Assert.Equal("System.String, System.Private.CoreLib", typeof(string).TypeQualifiedName());
        Assert.Equal("Akka.Actor.Address, Akka", typeof(Address).TypeQualifiedName());
    }
}
