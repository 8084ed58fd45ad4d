namespace Hocon;

public abstract class HoconLiteral : IHoconElement
{
    protected HoconLiteral(IHoconElement? parent, string? value)
    {
        Parent = parent!;
        Value = value!;
    }

    public IHoconElement Parent { get; }

    public abstract HoconType Type { get; }

    /// <summary>Null for a null.</summary>
    public virtual string Value { get; }

    public virtual string Raw => HoconText.WriteText(Value, Type == HoconType.String);

    public HoconObject GetObject() => throw new HoconException($"'{Value}' is no object.");

    public IList<HoconValue> GetArray() => throw new HoconException($"'{Value}' is no array.");

    public string GetString() => Value!;

    public override string ToString() => Raw;

    public string ToString(int indent, int indentSize) => Raw;

    internal static HoconLiteral Of(IHoconElement parent, string? text, bool quoted)
    {
        if (text is null) return new HoconNull(parent);
        if (quoted) return new HoconQuotedString(parent, text);
        if (HoconText.TryParseBoolean(text, out _)) return new HoconBool(parent, text);
        if (HoconText.TryParseLong(text, out _)) return new HoconLong(parent, text);
        return HoconText.TryParseDouble(text, out _) ? new HoconDouble(parent, text) : new HoconUnquotedString(parent, text);
    }
}

public sealed class HoconNull : HoconLiteral
{
    public HoconNull(IHoconElement? parent)
        : base(parent, null)
    {
    }

    public override HoconType Type => HoconType.Empty;

    public override string Raw => "null";

    public override string Value => null!;
}

public sealed class HoconBool : HoconLiteral
{
    public HoconBool(IHoconElement? parent, string value)
        : base(parent, value)
    {
    }

    public override HoconType Type => HoconType.Boolean;
}

public sealed class HoconLong : HoconLiteral
{
    public HoconLong(IHoconElement? parent, string value)
        : base(parent, value)
    {
    }

    public override HoconType Type => HoconType.Number;
}

public sealed class HoconDouble : HoconLiteral
{
    public HoconDouble(IHoconElement? parent, string value)
        : base(parent, value)
    {
    }

    public override HoconType Type => HoconType.Number;
}

public sealed class HoconUnquotedString : HoconLiteral
{
    public HoconUnquotedString(IHoconElement? parent, string value)
        : base(parent, value)
    {
    }

    public override HoconType Type => HoconType.String;
}

public sealed class HoconQuotedString : HoconLiteral
{
    public HoconQuotedString(IHoconElement? parent, string value)
        : base(parent, value)
    {
    }

    public override HoconType Type => HoconType.String;
}
