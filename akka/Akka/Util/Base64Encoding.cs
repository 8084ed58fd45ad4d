namespace Akka.Util;

/// <summary>Numbers as short names: six bits a character, least significant first.</summary>
internal static class Base64Encoding
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";

    public static string Base64Encode(this long value, string prefix = "")
    {
        Span<char> text = stackalloc char[16];
        var length = 0;
        var rest = (ulong)value;
        do
        {
            text[length++] = Digits[(int)(rest & 63)];
            rest >>= 6;
        }
        while (rest != 0);
        return string.Concat(prefix, text[..length]);
    }
}
