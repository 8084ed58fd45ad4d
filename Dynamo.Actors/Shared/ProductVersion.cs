using System.Reflection;

namespace Dynamo.Actors.Shared;

public static class ProductVersion
{
    /// <summary>The version that a node reports.</summary>
    public static string Text { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
