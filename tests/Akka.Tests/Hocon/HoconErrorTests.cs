using Hocon;

namespace Akka.Tests.Hocon;

public class HoconErrorTests
{
    [Theory]
    [InlineData("a {\n  b = 1\n")]
    [InlineData("a = [1, 2")]
    [InlineData("a = 1\n}")]
    [InlineData("a = \"never closed\nb = 1")]
    [InlineData("a = \"\"\"never closed")]
    [InlineData("a = ${b")]
    [InlineData("a = ${b}")]
#if AKKA_BUNDLED
    [InlineData("a = ")]
    [InlineData("a")]
    [InlineData("= 1")]
    [InlineData("a = [1] { b = 2 }")]
    [InlineData("a = ${b}\nb = ${a}")]
#endif
    public void Text_that_is_no_document_is_refused(string text) =>
        Assert.Throws<HoconParserException>(() => HoconParser.Parse(text));

    [Fact]
    public void A_value_of_another_type_is_refused_by_path()
    {
        var root = HoconParser.Parse("a { b = text }");
        Assert.Equal("a.b", Assert.Throws<HoconValueException>(() => root.GetInt("a.b")).FailPath);
        Assert.Equal("a.b", Assert.Throws<HoconValueException>(() => root.GetTimeSpan("a.b", TimeSpan.Zero)).FailPath);
        Assert.Equal("a.c", Assert.Throws<HoconValueException>(() => root.GetInt("a.c")).FailPath);
        Assert.Equal(7, root.GetInt("a.c", 7));
    }

#if AKKA_BUNDLED
    [Theory]
    [InlineData("a = 1\nb = \"open\nc = 2", 2, 5, "quoted")]
    [InlineData("a = 1\nb = [1, 2", 2, 5, "'['")]
    [InlineData("x {\n  a = 1\n", 1, 3, "'{'")]
    [InlineData("a = 1\nb = x*y", 2, 6, "'*'")]
    [InlineData("a = 1\nb = ${not.there}", 2, 5, "not.there")]
    [InlineData("a = b } c", 1, 7, "'}'")]
    [InlineData("a = 1,, b = 2", 1, 7, "','")]
    [InlineData("a = {b = 1} 2", 1, 5, "joined")]
    [InlineData("a = \"\\q\"", 1, 6, "escape")]
    public void An_error_names_its_place(string text, int line, int column, string what)
    {
        var error = Assert.Throws<HoconParserException>(() => HoconParser.Parse(text));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains($"line {line}, column {column}", error.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (error.LineNumber, error.LinePosition));
    }

    [Fact]
    public void An_error_in_an_include_names_it()
    {
        var error = Assert.Throws<HoconParserException>(() =>
            HoconParser.Parse("include \"inner.conf\"", (_, _) => Task.FromResult("a = 1\nb = [")));
        Assert.Contains("line 2, column 5 of inner.conf", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_parsed_or_refused_and_what_is_parsed_prints_as_itself()
    {
        string[] tokens =
        [
            "a", "b", ".", " ", "\n", "=", ":", "+=", "{", "}", "[", "]", ",", "\"q\"", "\"", "\"\"\"t\"\"\"", "${a}", "${?b}", "${a.b}", "${?a.b.a}",
            "1", "2.5", "null", "true", "#c", "//", "\\", "$", "a=1\n", "b=${?a}\n", "a { b = 2 }\n", "a = ${?b}{ a = 1 }\n", "include \"x\"\n",
        ];
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 16)).Select(_ => tokens[random.Next(tokens.Length)]));
            HoconRoot root;
            try
            {
                root = HoconParser.Parse(text, (_, _) => Task.FromResult("b = 1, a = ${?b}"));
            }
            catch (HoconParserException)
            {
                continue;
            }

            var printed = root.PrettyPrint(2);
            if (printed.Length > 0) Assert.True(printed == HoconParser.Parse(printed).PrettyPrint(2), $"seed {seed}: {text}");
        }
    }

    [Fact]
    public void Values_that_nest_too_deep_are_refused() =>
        Assert.Throws<HoconParserException>(() => HoconParser.Parse("a = " + new string('[', 100_000)));

    [Fact]
    public void Includes_that_go_round_in_a_circle_are_refused() =>
        Assert.Throws<HoconParserException>(() => HoconParser.Parse("include \"a\"", (_, _) => Task.FromResult("include \"a\"")));
#endif
}
