using Hocon;

namespace Akka.Configuration.Hocon;

public class HoconLiteral : IHoconElement
{
    /// <summary>Null for an unquoted <c>null</c>.</summary>
    public string? Value { get; set; }

    internal bool Quoted { get; init; } = true;

    public bool IsString() => true;

    public string GetString() => Value!;

    public bool IsArray() => false;

    public IList<HoconValue> GetArray() => throw new InvalidOperationException($"'{Value}' is no array.");

    public override string ToString() => HoconText.WriteText(Value, Quoted);
}
