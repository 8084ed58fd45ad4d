using System.Text.RegularExpressions;
using Akka.Actor;

namespace Akka.TestKit.Internal.StringMatcher;

public interface IStringMatcher
{
    bool IsMatch(string s);
}

public class MatchesAll : IStringMatcher
{
    private MatchesAll()
    {
    }

    public static IStringMatcher Instance { get; } = new MatchesAll();

    public bool IsMatch(string s) => true;

    public override string ToString() => "";
}

public class EqualsString : IStringMatcher
{
    private readonly string _expected;

    public EqualsString(string s) => _expected = s;

    public bool IsMatch(string s) => string.Equals(_expected, s, StringComparison.Ordinal);

    public override string ToString() => $"== \"{_expected}\"";
}

/// <summary>Matches the text itself, and a full actor path whose part behind the address is the text.</summary>
public class EqualsStringAndPathMatcher : IStringMatcher
{
    private readonly string _path;

    internal EqualsStringAndPathMatcher(string path) => _path = path;

    public bool IsMatch(string path) =>
        string.Equals(_path, path, StringComparison.Ordinal)
        || (ActorPath.TryParse(path, out var parsed) && string.Equals(_path, parsed.ToStringWithoutAddress(), StringComparison.Ordinal));

    public override string ToString() => $"== \"{_path}\"";
}

public class StartsWithString : IStringMatcher
{
    private readonly string _start;

    public StartsWithString(string start) => _start = start;

    public bool IsMatch(string s) => s.StartsWith(_start, StringComparison.Ordinal);

    public override string ToString() => $"starts with \"{_start}\"";
}

public class ContainsString : IStringMatcher
{
    private readonly string _part;

    public ContainsString(string part) => _part = part;

    public bool IsMatch(string s) => s.Contains(_part, StringComparison.Ordinal);

    public override string ToString() => $"contains \"{_part}\"";
}

public class RegexMatcher : IStringMatcher
{
    private readonly Regex _regex;

    public RegexMatcher(Regex regex) => _regex = regex;

    public bool IsMatch(string s) => _regex.IsMatch(s);

    public override string ToString() => $"matches regex /{_regex}/";
}
