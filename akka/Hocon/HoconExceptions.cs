using Hocon.Parsing;

namespace Hocon;

public class HoconException : Exception
{
    public HoconException(string message)
        : base(message)
    {
    }

    public HoconException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>The text is no HOCON, or refers to what is not there. The message names the place.</summary>
public sealed class HoconParserException : Exception
{
    public HoconParserException()
    {
    }

    public HoconParserException(string message)
        : base(message)
    {
    }

    public HoconParserException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal HoconParserException(string message, Position at)
        : base(message)
    {
        LineNumber = at.Line;
        LinePosition = at.Column;
    }

    /// <summary>From 1; 0 where the fault has no place.</summary>
    public int LineNumber { get; }

    /// <summary>From 1; 0 where the fault has no place.</summary>
    public int LinePosition { get; }
}

/// <summary>The value at a path is missing or is not of the type asked for.</summary>
public class HoconValueException : HoconException
{
    public HoconValueException(string message, string failPath, Exception innerException)
        : base(message, innerException) =>
        FailPath = failPath;

    public string FailPath { get; }
}
