namespace Akka.Util;

public static class WildcardMatch
{
    /// <summary>Whether the text matches a pattern in which <c>*</c> stands for any run of characters and <c>?</c> for one.</summary>
    public static bool Like(this string text, string pattern, bool caseSensitive = false)
    {
        int t = 0, p = 0, star = -1, retry = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && (pattern[p] == '?' || Same(pattern[p], text[t], caseSensitive)))
            {
                t++;
                p++;
            }
            else if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                retry = t;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++retry;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
            p++;
        return p == pattern.Length;
    }

    private static bool Same(char a, char b, bool caseSensitive) =>
        a != '*' && (a == b || (!caseSensitive && char.ToUpperInvariant(a) == char.ToUpperInvariant(b)));
}
