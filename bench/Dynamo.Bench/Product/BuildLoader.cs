using System.Reflection;
using System.Runtime.Loader;

namespace Dynamo.Bench.Product;

/// <summary>
/// Runs this program's client code over the client library of a given build of the product. The library and its dependencies come from the
/// build's folder, so each build is driven by the same loop and speaks its own protocol.
/// </summary>
internal sealed class BuildLoader(string program) : AssemblyLoadContext(program)
{
    private readonly AssemblyDependencyResolver _resolver = new(program);

    /// <param name="folder">The folder with the build's dynamo.dll.</param>
    public static async Task RunAsync(string folder, string[] contacts, int valueBytes)
    {
        var loader = new BuildLoader(Path.GetFullPath(Path.Combine(folder, "dynamo.dll")));
        // Akka.NET looks up serializers and providers by name, in the current load context.
        using var scope = loader.EnterContextualReflection();
        var own = loader.LoadFromAssemblyPath(typeof(BuildLoader).Assembly.Location);
        var run = own.GetType(typeof(ProductClient).FullName!)!.GetMethod(nameof(ProductClient.RunAsync))!;
        await (Task)run.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [contacts, valueBytes], null)!;
    }

    // Assemblies that the build lacks (the histogram, this program) come from this program.
    protected override Assembly? Load(AssemblyName assemblyName) =>
        _resolver.ResolveAssemblyToPath(assemblyName) is { } path ? LoadFromAssemblyPath(path) : null;
}

/// <summary>Entry point that the loader calls in its own copy of this program.</summary>
internal static class ProductClient
{
    public static Task RunAsync(string[] contacts, int valueBytes) =>
        Load.ClientProcess.RunAsync(() => DynamoTarget.ConnectAsync(contacts), valueBytes, Console.In, Console.Out);
}
