using System.Reflection;
using Akka.Util;

namespace Akka.Remote.Serialization;

/// <summary>An exception as it goes between nodes: <c>{1 typeName, 2 message, 3 stackTrace, 4 source, 5 innerException}</c>.</summary>
internal static class ExceptionData
{
    private static readonly FieldInfo? StackTraceField = typeof(Exception).GetField("_remoteStackTraceString", BindingFlags.Instance | BindingFlags.NonPublic);

    public static byte[] ToBytes(Exception exception)
    {
        var fields = new FieldBuilder().String(1, exception.GetType().TypeQualifiedName()).String(2, exception.Message)
            .String(3, exception.StackTrace).String(4, exception.Source);
        if (exception.InnerException is { } inner)
            fields.Nested(5, ToBytes(inner));
        return fields.ToArray();
    }

    /// <summary>An exception of the same type where that can be made from a message here, and else one that names the type.</summary>
    public static Exception FromBytes(byte[] bytes)
    {
        var fields = new FieldMap(bytes);
        var inner = fields.Bytes(5) is { } cause ? FromBytes(cause) : null;
        var exception = Create(fields.String(1), fields.String(2), inner) ?? new RemoteTransportException($"{fields.String(1)}: {fields.String(2)}", inner);
        StackTraceField?.SetValue(exception, fields.String(3));
        return exception;
    }

    private static Exception? Create(string typeName, string message, Exception? inner)
    {
        var type = Type.GetType(typeName);
        if (type is null || !typeof(Exception).IsAssignableFrom(type))
            return null;
        if (type.GetConstructor([typeof(string), typeof(Exception)]) is { } withInner)
            return (Exception)withInner.Invoke([message, inner]);
        return type.GetConstructor([typeof(string)]) is { } plain ? (Exception)plain.Invoke([message]) : null;
    }
}
