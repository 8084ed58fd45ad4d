namespace Hocon;

public enum HoconType
{
    Empty,
    String,
    Number,
    Boolean,
    Object,
    Array,
}

public enum HoconCallbackType
{
    Resource,
    Url,
    File,
}

/// <summary>Gives the text that an include's name stands for; null or blank if there is none.</summary>
public delegate Task<string> HoconIncludeCallbackAsync(HoconCallbackType callbackType, string value);

public interface IHoconElement
{
    IHoconElement Parent { get; }

    HoconType Type { get; }

    /// <summary>The value as it could stand in a document.</summary>
    string Raw { get; }

    /// <exception cref="HoconException">The value is no object.</exception>
    HoconObject GetObject();

    /// <exception cref="HoconException">The value is an object or an array.</exception>
    string GetString();

    /// <exception cref="HoconException">The value is no array.</exception>
    IList<HoconValue> GetArray();

    string ToString(int indent, int indentSize);
}
