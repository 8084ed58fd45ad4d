using System.Collections.Concurrent;

namespace Akka.Util;

public static class TypeExtensions
{
    private static readonly ConcurrentDictionary<Type, string> Names = new();

    public static bool Implements<T>(this Type type) => typeof(T).IsAssignableFrom(type);

    public static bool Implements(this Type type, Type moreGeneralType) => moreGeneralType.IsAssignableFrom(type);

    /// <summary>The type's name with its assembly's simple name, without version, culture or key: the manifest on the wire.</summary>
    public static string TypeQualifiedName(this Type type) => Names.GetOrAdd(type, Shorten);

    private static string Shorten(Type type)
    {
        var assembly = ", " + type.Assembly.GetName().Name;
        return NameOf(type) + assembly;
    }

    private static string NameOf(Type type)
    {
        if (!type.IsGenericType || type.IsGenericTypeDefinition)
            return type.FullName ?? type.Name;
        var arguments = type.GetGenericArguments().Select(argument => "[" + argument.TypeQualifiedName() + "]");
        return $"{type.GetGenericTypeDefinition().FullName}[{string.Join(",", arguments)}]";
    }
}
