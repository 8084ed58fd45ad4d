using Hocon;

namespace Akka.Tests.Hocon;

public class HoconParserTests
{
    [Theory]
    [InlineData("a = 1", "1")]
    [InlineData("a : 1", "1")]
    [InlineData("{ a : 1 }", "1")]
    [InlineData("a = one two  three  # comment", "one two  three")]
    [InlineData("a = one // comment", "one")]
    [InlineData("a =\n  1", "1")]
    [InlineData("a = \"quoted, {text}\"", "quoted, {text}")]
    [InlineData("a = \"tab\\t, line\\n, \\u0041, \\\"\"", "tab\t, line\n, A, \"")]
    [InlineData("a = \"\"\"triple \"quoted\"\nover lines\\t\"\"\"", "triple \"quoted\"\nover lines\\t")]
    [InlineData("a = one\"two\" three", "onetwo three")]
    [InlineData("a = 1, a = 2", "2")]
    [InlineData("a = ${b}\nb = 3", "3")]
    [InlineData("b = 3\na = x${b}y", "x3y")]
    [InlineData("a = 1\na = ${a}2", "12")]
    [InlineData("a = 1${?missing}", "1")]
    [InlineData("b = { c = 1 }\na = ${b.c}\nb.c = 2", "2")]
#if AKKA_BUNDLED
    [InlineData("a = 1\na = ${?missing}", "1")]
    [InlineData("a = ${missing}\na = 5", "5")]
#endif
    public void A_value_reads_as(string text, string expected) =>
        Assert.Equal(expected, HoconParser.Parse(text).GetString("a"));

    [Fact]
    public void Objects_of_one_key_merge_and_later_wins()
    {
        var root = HoconParser.Parse(
            """
            a { b { c = 1, d = 2 } }
            a.b.c = 3
            a { b : { e : 4 } }
            "x.y"."z" = 5
            """);
        Assert.Equal(3, root.GetInt("a.b.c"));
        Assert.Equal(2, root.GetInt("a.b.d"));
        Assert.Equal(4, root.GetInt("a.b.e"));
        Assert.Equal(5, root.GetInt("\"x.y\".z"));
        Assert.False(root.HasPath("x.y.z"));
    }

#if AKKA_BUNDLED
    [Fact]
    public void A_scalar_hides_an_earlier_object_and_an_object_an_earlier_scalar()
    {
        Assert.Equal("1", HoconParser.Parse("a { b = 2 }\na = 1").GetString("a"));
        Assert.False(HoconParser.Parse("a { b = 2 }\na = 1\na { c = 3 }").HasPath("a.b"));
        Assert.Equal(3, HoconParser.Parse("a { b = 2 }\na = 1\na { c = 3 }").GetInt("a.c"));
    }
#endif

    [Fact]
    public void Arrays_separate_by_commas_or_lines_concatenate_and_append()
    {
        var root = HoconParser.Parse(
            """
            a = [1, 2
              3,
            ]
            b = ${a} [4]
            c = [ { x = 1 }, { x = 2 } ]
            a += 9
            d += first
            """);
        Assert.Equal([1, 2, 3, 9], root.GetIntList("a"));
        Assert.Equal([1, 2, 3, 9, 4], root.GetIntList("b"));
        Assert.Equal([1, 2], root.GetObjectList("c").Select(o => o.GetField("x").Value.GetInt()));
        Assert.Equal(["first"], root.GetStringList("d"));
    }

#if AKKA_BUNDLED
    [Fact]
    public void A_substituted_object_takes_more_fields_and_may_be_looked_into()
    {
        var root = HoconParser.Parse(
            """
            base { host = localhost, port = 1 }
            node = ${base} { port = 2, address = ${node.host}":"${node.port} }
            other = ${node}
            other.port = 3
            """);
        Assert.Equal("localhost:2", root.GetString("node.address"));
        Assert.Equal(3, root.GetInt("other.port"));
        Assert.Equal("localhost", root.GetString("other.host"));
    }
#endif

    [Fact]
    public void What_a_document_lacks_is_looked_up_in_the_environment()
    {
        var (name, value) = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Select(e => ((string)e.Key, (string)e.Value!)).First(e => e.Item1.All(char.IsAsciiLetter) && e.Item2.Length > 0);
        Assert.Equal(value, HoconParser.Parse($"a = ${{{name}}}").GetString("a"));
        Assert.Equal("own", HoconParser.Parse($"{name} = own, a = ${{?{name}}}").GetString("a"));
    }

    [Theory]
    [InlineData("10", 10_000_000_0L / 1000)]
    [InlineData("10 ms", 100_000)]
    [InlineData("1.5s", 15_000_000)]
    [InlineData("2 seconds", 20_000_000)]
    [InlineData("1m", 600_000_000)]
    [InlineData("1 h", 36_000_000_000)]
    [InlineData("1d", 864_000_000_000)]
    public void Durations_have_units(string text, long ticks) =>
        Assert.Equal(ticks, HoconParser.Parse($"a = {text}").GetTimeSpan("a").Ticks);

    [Theory]
    [InlineData("128000b", 128_000)]
    [InlineData("7", 7)]
    [InlineData("1 KiB", 1024)]
    [InlineData("1k", 1024)]
    [InlineData("2m", 2 * 1024 * 1024)]
    [InlineData("2 MB", 2_000_000)]
    [InlineData("1.5 MiB", 1_572_864)]
    [InlineData("3 kB", 3000)]
    public void Sizes_have_units(string text, long bytes) =>
        Assert.Equal(bytes, HoconParser.Parse($"a = {text}").GetByteSize("a"));

    [Fact]
    public void Words_stand_for_booleans_infinity_and_null()
    {
        var root = HoconParser.Parse("a = on, b = no, c = true, d = infinite, e = null");
        Assert.True(root.GetBoolean("a"));
        Assert.False(root.GetBoolean("b"));
        Assert.True(root.GetBoolean("c"));
        Assert.Equal(Timeout.InfiniteTimeSpan, root.GetTimeSpan("d"));
        Assert.Null(root.GetString("e"));
    }

#if AKKA_BUNDLED
    [Fact]
    public void An_include_is_merged_where_it_stands_and_its_own_paths_resolve_there()
    {
        var asked = new List<(HoconCallbackType, string)>();
        var root = HoconParser.Parse(
            """
            x = 1
            nested {
              include "inner.conf"
              y = 3
            }
            include file("absent.conf")
            """,
            (kind, name) =>
            {
                asked.Add((kind, name));
                return Task.FromResult(name == "inner.conf" ? "y = 2, z = ${y}, top = ${x}, w = ${v}, v = 7" : "");
            });
        Assert.Equal([(HoconCallbackType.File, "inner.conf"), (HoconCallbackType.File, "absent.conf")], asked);
        Assert.Equal(3, root.GetInt("nested.y"));
        Assert.Equal(3, root.GetInt("nested.z"));
        Assert.Equal(7, root.GetInt("nested.w"));
        Assert.Equal(1, root.GetInt("nested.top"));
    }
#endif

    [Fact]
    public void A_required_include_that_is_absent_is_an_error() =>
        Assert.Throws<HoconParserException>(() => HoconParser.Parse("include required(\"absent.conf\")", (_, _) => Task.FromResult("")));

#if AKKA_BUNDLED
    [Fact]
    public void A_document_prints_as_text_that_parses_to_the_same()
    {
        const string Text =
            """
            a { b = "with spaces, and \"quotes\"", c = [1, "2", { d = null }], "dotted.key" = ${a.b} }
            e = 10 seconds
            f = "true"
            g = ""
            """;
        var printed = HoconParser.Parse(Text).PrettyPrint(2);
        var again = HoconParser.Parse(printed);
        Assert.Equal(printed, again.PrettyPrint(2));
        Assert.Equal("with spaces, and \"quotes\"", again.GetString("a.\"dotted.key\""));
        Assert.Equal(TimeSpan.FromSeconds(10), again.GetTimeSpan("e"));
        Assert.Equal("", again.GetString("g"));
    }
#endif
}
