using System.Text;
using Dynamo.Http.Errors;

namespace Dynamo.Http.Requests;

/// <summary>Percent-encoded bytes. ASP.NET Core's own decoding would leave what is not UTF-8 encoded.</summary>
internal static class PercentText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="field">What the text is, for the error.</param>
    /// <param name="isQuery">True: a plus sign is a blank.</param>
    /// <exception cref="ProblemException">A % is not followed by two hexadecimal digits.</exception>
    public static byte[] Decode(ReadOnlySpan<char> text, string field, bool isQuery = false)
    {
        var bytes = new List<byte>(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%')
            {
                if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                    throw ProblemException.Wrong(field, text.ToString(), "percent-encoded: two hexadecimal digits follow each %");
                bytes.Add(Convert.FromHexString(text.Slice(i + 1, 2))[0]);
                i += 2;
            }
            else if (isQuery && text[i] == '+') bytes.Add((byte)' ');
            else if (char.IsAscii(text[i])) bytes.Add((byte)text[i]);
            else throw ProblemException.Wrong(field, text.ToString(), "percent-encoded: only ASCII characters stand for themselves");
        }
        return [.. bytes];
    }

    /// <exception cref="ProblemException">The bytes are not UTF-8.</exception>
    public static string Text(byte[] bytes, string field)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw ProblemException.Wrong(field, Uri.EscapeDataString(Encoding.Latin1.GetString(bytes)), "UTF-8 text");
        }
    }
}
