using System.Collections;
using System.Globalization;
using System.Reflection;
using Dynamo.Core.Ring;

namespace Dynamo.Tests.Support;

/// <summary>A message or setting as text, all the way down: two that show the same hold the same, whatever their types call equal.</summary>
internal static class Shown
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => $"'{text}'",
        ReadOnlyMemory<byte> bytes => Convert.ToHexStringLower(bytes.Span),
        byte[] bytes => Convert.ToHexStringLower(bytes),
        StorageKey key => Convert.ToHexStringLower(key.Encoded),
        Enum or bool => value.ToString()!,
        IFormattable number when value.GetType().IsPrimitive || value is TimeSpan => number.ToString(null, CultureInfo.InvariantCulture),
        DictionaryEntry entry => $"{Of(entry.Key)}: {Of(entry.Value)}",
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Of))}]",
        _ => OfProperties(value),
    };

    private static string OfProperties(object value)
    {
        var properties = value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0 && p.GetMethod is not null);
        return $"{value.GetType().Name}({string.Join(", ", properties.Select(p => $"{p.Name} = {Of(p.GetValue(value))}"))})";
    }
}
