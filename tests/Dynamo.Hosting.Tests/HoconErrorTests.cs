using Dynamo.Hosting.Hocon;

namespace Dynamo.Hosting.Tests;

public sealed class HoconErrorTests
{
    [Theory]
    [InlineData("x {\n  a = 1\n", "1:3: the '{' that is opened here is never closed")]
    [InlineData("a = 1\nb = [1, 2", "2:5: the '[' that is opened here is never closed")]
    [InlineData("a { b = [1, 2 }", "1:9: the '[' that is opened here is never closed")]
    [InlineData("a = 1\nb = \"open\nc = 2", "2:5: the quote that is opened here is not closed on its line")]
    [InlineData("a = 1\nb = \"open", "2:5: the quote that is opened here is not closed on its line")]
    [InlineData("a = \"\"\"open\n\"\"", "1:5: the text that begins with \"\"\" here is never closed")]
    [InlineData("a = 1\n}\nb = 2", "2:1: this '}' closes nothing")]
    [InlineData("a = b } c", "1:7: this '}' closes nothing")]
    [InlineData("{ a = 1 } b = 2", "1:11: nothing may follow the last '}'")]
    public void Unclosed_and_doubly_closed_text_is_refused_with_its_place(string text, string said) => AssertRefused(text, said);

    [Theory]
    [InlineData("a { b = 1 }, c { d = 2 }", "1:12: no ',' is read after 'a { … }': begin a new line instead, or write 'a = { … },'")]
    [InlineData("x {\n\ta.b { c = 1 }, # for d\n\td = 2\n}", "2:15: no ',' is read after 'a.b { … }'")]
    [InlineData("include \"x\", a = 1", "1:12: no ',' is read after an include: begin a new line instead")]
    [InlineData("a = 1,, b = 2", "1:7: nothing comes before this ','")]
    [InlineData("a = 1\n, b = 2", "2:1: nothing comes before this ','")]
    [InlineData("a = [1,, 2]", "1:8: nothing comes before this ','")]
    public void An_unreadable_comma_is_refused_with_what_to_write_instead(string text, string said) => AssertRefused(text, said);

    [Theory]
    [InlineData("a", "1:1: 'a' has no value: '= …' or '{ … }' is wanted")]
    [InlineData("a = 1\nb.c\nd = 2", "2:1: 'b.c' has no value")]
    [InlineData("a b\nc = 2", "1:1: 'a b' has no value")]
    [InlineData("a { b }", "1:5: 'b' has no value")]
    [InlineData("a =", "1:3: 'a' has no value on its line")]
    [InlineData("a =\nb = 2", "1:3: 'a' has no value on its line")]
    [InlineData("x { a = }", "1:7: 'a' has no value on its line")]
    [InlineData("a = , b = 1", "1:3: 'a' has no value on its line")]
    [InlineData("= 1", "1:1: a key is wanted, which '=' cannot begin")]
    [InlineData("a. = 1", "1:3: a key is wanted, which a blank cannot begin")]
    [InlineData("a.= 1", "1:3: a key is wanted, which '=' cannot begin")]
    [InlineData("a.", "1:3: a key is wanted, which the end of the text cannot begin")]
    [InlineData("a..b = 1", "1:3: a key is wanted, which '.' cannot begin")]
    [InlineData("*a = 1", "1:1: a key is wanted, which '*' cannot begin")]
    [InlineData("a += 1", "1:3: '+=' is not read: write the whole list")]
    [InlineData("\"a\" \"b\" = 1", "1:1: '\"a\"' has no value")]
    public void A_key_without_a_value_is_refused_and_so_is_a_value_without_a_key(string text, string said) => AssertRefused(text, said);

    [Theory]
    [InlineData("a = 1\nb = x*y", "2:6: '*' cannot stand in a value: it is put in quotes")]
    [InlineData("a = *x", "1:5: a value is wanted, which '*' cannot begin: text with such a character is put in quotes")]
    [InlineData("a = 127.0.0.1:7100", "1:14: a value with ':' is put in quotes, and another key begins on a new line")]
    [InlineData("a = 1 b = 2", "1:9: a value with '=' is put in quotes, and another key begins on a new line")]
    [InlineData("a = http://x", "1:9: a value with ':' is put in quotes")]
    [InlineData("a = [1 : 2]", "1:8: a value with ':' is put in quotes")]
    [InlineData("a = {b = 1} 2", "1:13: a value is text, or lists, or objects")]
    [InlineData("a = [1] b", "1:9: a value is text, or lists, or objects")]
    [InlineData("b = { c = 1 }\na = ${b} { d = 2 }", "2:10: a value is text, or lists, or objects")]
    [InlineData("a = \"C:\\data\"", "1:8: there is no escape '\\d': a backslash is written '\\\\', and a path may have '/' instead")]
    [InlineData("a = \"\\u12x4\"", "1:6: \\u is followed by four hexadecimal digits")]
    public void A_value_that_would_be_misread_is_refused(string text, string said) => AssertRefused(text, said);

    [Theory]
    [InlineData("a = 1\nb = ${not.there}", "2:5: ${not.there} is set neither in this file nor in what it includes")]
    [InlineData("a = ${?b}", "1:5: '${?…}' is not read: name what is set, as '${…}'")]
    [InlineData("a = ${b", "1:5: a reference is written ${path}, without blanks and quotes")]
    [InlineData("a = ${}", "1:5: a reference is written ${path}")]
    [InlineData("a = ${ b }", "1:5: a reference is written ${path}")]
    [InlineData("a = $b", "1:5: '$' cannot stand in a value")]
    [InlineData("a = ${b}\nb = ${a}", "refers to itself")]
    [InlineData("a = 1\na = ${a}2", "2:5: ${a} refers to itself")]
    [InlineData("a { b = ${a} }", "1:9: ${a} refers to itself")]
    public void A_dangling_reference_is_named(string text, string said) => AssertRefused(text, said);

    [Fact]
    public void Text_that_nests_too_deep_is_refused()
    {
        AssertRefused("a = " + new string('[', 100_000), "1:105: nested more than 100 deep");
        AssertRefused(string.Concat(Enumerable.Repeat("a {", 100_000)), "nested more than 100 deep");
    }

    [Theory]
    [InlineData("a = 1\r\nb = [\r\n\r\n  1,, 2]", "4:5: nothing comes before this ','")]
    [InlineData("\uFEFFa = 1,, b = 2", "1:7: nothing comes before this ','")]
    [InlineData("\t\ta = 1,,", "1:9: nothing comes before this ','")]
    [InlineData("# {\n// \"\na = \"\"\"\n{\n\"\"\"\nb = }", "6:3: 'b' has no value on its line")]
    public void Lines_and_columns_are_counted_as_in_an_editor(string text, string said) => AssertRefused(text, said);

    [Fact]
    public void Any_text_is_read_or_refused_with_its_place()
    {
        string[] tokens =
        [
            "a", "b", ".", " ", "\n", "=", ":", "+=", "{", "}", "[", "]", ",", "\"q\"", "\"", "\"\"\"t\"\"\"", "${a}", "${?b}", "${a.b}", "\t", "#", "//",
            "1", "null", "#c\n", "\\", "$", "a=1\n", "b=${a}\n", "a { b = 2 }\n", "a = [ ]\n", "c = [1, { d = ${a} }]\n", "\r\n",
        ];
        for (var seed = 0; seed < 30_000; seed++)
        {
            var random = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => tokens[random.Next(tokens.Length)]));
            try
            {
                HoconReader.ReadText(text, "t", "").ToString();
            }
            catch (BadConfigException e)
            {
                Assert.True(System.Text.RegularExpressions.Regex.IsMatch(e.Message, "^t:[0-9]+:[0-9]+: [^\n]+$"), $"seed {seed}: {text}: {e.Message}");
            }
        }
    }

    private static void AssertRefused(string text, string said)
    {
        var message = Assert.Throws<BadConfigException>(() => HoconReader.ReadText(text, "node.conf", "")).Message;
        Assert.Contains(said, message, StringComparison.Ordinal);
        Assert.StartsWith("node.conf:", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }
}
