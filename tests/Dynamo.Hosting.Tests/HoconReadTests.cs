using Dynamo.Hosting.Hocon;

namespace Dynamo.Hosting.Tests;

public sealed class HoconReadTests
{
    [Theory]
    [InlineData("a { b = 1, c = 2 }\nd = 3", "1 2 3")]
    [InlineData("a { b = 1\n c = 2 } d = 3", "1 2 3")]
    [InlineData("a = { b = 1, c = 2 }, d = 3", "1 2 3")]
    [InlineData("a.b = 1\r\na.c = 2\r\nd = 3\r\n", "1 2 3")]
    [InlineData("\uFEFFa.b : 1, a.c : 2, d : 3,", "1 2 3")]
    [InlineData("{ a { b = 1 }\n a { c = 2 }\n d = 3 }", "1 2 3")]
    [InlineData("\ta\t{\tb\t=\t1\t\n\tc\t=\t2\t}\n\td\t=\t3", "1 2 3")]
    [InlineData("# one\na { // two\n b = 1 # three\n c = 2 }\nd = 3 // four", "1 2 3")]
    [InlineData("\"a\".\"b\" = \"1\"\na.c = \"\"\"2\"\"\"\nd = ${a.b}", "1 2 1")]
    [InlineData("a\n{\n b =\n \"1\"\n c = 2\n}\nd = x${a.b}-${a.c} y", "1 2 x1-2 y")]
    [InlineData("a = { b = 0 } { b = 1, c = 2 }\nd = \"{ # } // \\\" [\"", "1 2 { # } // \" [")]
    public void Every_supported_form_is_read(string text, string expected)
    {
        var config = HoconReader.ReadText(text, "t", "");
        Assert.Equal(expected, $"{config.GetString("a.b", null)} {config.GetString("a.c", null)} {config.GetString("d", null)}");
    }

    [Theory]
    [InlineData("a = []", 0)]
    [InlineData("a = [ ]", 0)]
    [InlineData("a = [\n  # none\n]", 0)]
    [InlineData("a = [1, 2,]", 2)]
    [InlineData("a = [\n  1\n  \"2\"\n]", 2)]
    [InlineData("b = [1]\na = ${b} [2, 3]", 3)]
    public void A_list_has_as_many_elements_as_are_written(string text, int count) =>
        Assert.Equal(count, HoconReader.ReadText(text, "t", "").GetStringList("a").Count);

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\r\n\t\n")]
    [InlineData("# only this")]
    [InlineData("#")]
    [InlineData("{}")]
    public void An_empty_text_sets_nothing(string text) => Assert.False(HoconReader.ReadText(text, "t", "").HasPath("a"));

    [Fact]
    public void A_text_in_three_quotes_keeps_its_lines() =>
        Assert.Equal("x\n  \"y\" \\z", HoconReader.ReadText("a = \"\"\"x\n  \"y\" \\z\"\"\"", "t", "").GetString("a", null));
}
