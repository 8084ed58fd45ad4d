using Dynamo.Hosting.Hocon;

namespace Dynamo.Hosting.Tests;

public sealed class HoconIncludeTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_include_is_relative_to_its_own_file()
    {
        _folder.Write("shared/common.conf", "include \"deep/more.conf\"\nb = common");
        _folder.Write("shared/deep/more.conf", "a = more, b = more");
        var config = HoconReader.ReadFile(_folder.Write("node.conf", "b = node\ninclude \"shared/common.conf\"\nc = node"));
        Assert.Equal("more common node", $"{config.GetString("a", null)} {config.GetString("b", null)} {config.GetString("c", null)}");
    }

    [Fact]
    public void An_include_in_a_section_sets_keys_of_the_section_and_its_references_are_its_own()
    {
        _folder.Write("inner.conf", "x = 1, y = ${x}\nz { w = ${y} }");
        var config = HoconReader.ReadFile(_folder.Write("node.conf", "x = outer\na { b { include \"inner.conf\"\n v = 2 } }\nc = ${a.b.z.w}"));
        Assert.Equal("1 1 2 1", $"{config.GetString("a.b.y", null)} {config.GetString("a.b.z.w", null)} {config.GetString("a.b.v", null)} {config.GetString("c", null)}");
    }

    [Fact]
    public void A_missing_include_is_named_with_the_place_of_the_include()
    {
        var file = _folder.Write("node.conf", "a = 1\nb { include \"not/there.conf\" }");
        AssertRefused(file, $"{file}:2:5: includes 'not/there.conf', which cannot be read: there is no such file");
    }

    [Fact]
    public void An_error_in_an_include_names_the_included_file()
    {
        var inner = _folder.Write("inner/x.conf", "a = 1\nb = [");
        AssertRefused(_folder.Write("node.conf", "include \"inner/x.conf\""), $"{inner}:2:5: the '[' that is opened here is never closed");
    }

    [Fact]
    public void An_included_file_does_not_see_what_includes_it()
    {
        var inner = _folder.Write("inner.conf", "\na = ${b}");
        AssertRefused(_folder.Write("node.conf", "b = 1\ninclude \"inner.conf\""), $"{inner}:2:5: ${{b}} is set neither in this file nor in what it includes");
    }

    [Fact]
    public void Circular_includes_are_refused_and_repeated_ones_are_not()
    {
        var second = _folder.Write("second.conf", "x = 1\n  include \"node.conf\"");
        AssertRefused(_folder.Write("node.conf", "include \"second.conf\""), $"{second}:2:3: includes 'node.conf', which includes this file again");
        var self = _folder.Write("self.conf", "include \"self.conf\"");
        AssertRefused(self, $"{self}:1:1: includes 'self.conf', which includes this file again");
        _folder.Write("leaf.conf", "x = 1");
        var twice = HoconReader.ReadFile(_folder.Write("twice.conf", "a { include \"leaf.conf\" }\nb { include \"leaf.conf\" }"));
        Assert.Equal("1 1", $"{twice.GetString("a.x", null)} {twice.GetString("b.x", null)}");
    }

    [Theory]
    [InlineData("include file(\"x\")", "1:9: an include is written: include \"file\"")]
    [InlineData("include\"x\"", "1:8: a blank is missing between include and the file's name")]
    public void Other_forms_of_include_are_refused(string text, string said)
    {
        var file = _folder.Write("node.conf", text);
        AssertRefused(file, $"{file}:{said}");
    }

    private static void AssertRefused(string file, string said) =>
        Assert.Equal(said, Assert.Throws<BadConfigException>(() => HoconReader.ReadFile(file)).Message);
}
