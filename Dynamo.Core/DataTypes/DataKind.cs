namespace Dynamo.Core.DataTypes;

/// <summary>The data types whose concurrent updates merge by themselves. The numbers are part of the stored form.</summary>
public enum DataKind : byte
{
    /// <summary>A sum of increments and decrements, a signed 64-bit number.</summary>
    Counter = 1,

    /// <summary>A set of byte strings. Of a concurrent add and remove of an element, the add wins.</summary>
    Set = 2,

    /// <summary>One value. Of concurrent writes, the one with the latest timestamp stays.</summary>
    Register = 3,

    /// <summary>On or off. Of concurrent changes, the one to on wins.</summary>
    Flag = 4,

    /// <summary>Named fields, each of one of the other types. Of a concurrent update and removal of a field, the update wins.</summary>
    Map = 5,
}
