using System.Text.RegularExpressions;
using Akka.Configuration;
using Akka.Remote;
using Dynamo.Cli.Shared;
using Dynamo.Protocol;

namespace Dynamo.Cli.Local;

/// <summary>A setting given with `dynamo up --set KEY=VALUE`, for all nodes of a local cluster.</summary>
internal static partial class GivenSetting
{
    // What 'dynamo up' decides itself, and why --set does not.
    private static readonly Dictionary<string, string> Decided = new()
    {
        ["dynamo.node.name"] = "each node has its own",
        ["dynamo.cluster.name"] = "'dynamo up' decides it",
        ["dynamo.cluster.founders"] = "'dynamo up' decides them: --nodes sets how many there are",
        ["dynamo.cluster.seeds"] = "'dynamo up' decides them",
        ["dynamo.storage.engine"] = "--engine sets it, for a new cluster",
        ["dynamo.storage.data-dir"] = "each node has its own, under --dir",
        ["dynamo.http.hostname"] = "the nodes of 'dynamo up' are at 127.0.0.1",
        ["dynamo.http.port"] = "each node has its own: --http-port sets the first",
        ["akka.remote.dot-netty.tcp.hostname"] = "the nodes of 'dynamo up' are at 127.0.0.1",
        ["akka.remote.dot-netty.tcp.port"] = "each node has its own: --port sets the first",
    };

    // Defined in the node's reference.conf.
    private const string OwnDispatchers = "akka.actor.dynamo-";

    private static readonly Lazy<Config> Runtime = new(() => WireConfig.Fallback
        .WithFallback(ConfigurationFactory.FromResource("Akka.Remote.Configuration.Remote.conf", typeof(RemoteActorRefProvider).Assembly))
        .WithFallback(ConfigurationFactory.Default()));

    /// <exception cref="UsageException">It is not KEY=VALUE, or not a setting that can be given.</exception>
    public static (string Key, string Value) Parse(string text)
    {
        var sign = text.IndexOf('=');
        if (sign < 1) throw new UsageException($"--set {text}: KEY=VALUE is wanted, such as dynamo.limits.value-bytes=8MiB");
        var (key, value) = (CheckedKey("--set", text[..sign].Trim()), text[(sign + 1)..].Trim());
        if (value.Any(char.IsControl)) throw new UsageException($"--set {key}: the value is not one line of text");
        if (value.StartsWith('{')) throw new UsageException($"--set {key}: one value is wanted, not a section; --set may be given several times");
        return (key, value);
    }

    /// <exception cref="UsageException">It is not the key of a setting that can be given.</exception>
    public static string CheckedKey(string option, string key)
    {
        if (!Key().IsMatch(key)) throw new UsageException($"{option} {key}: a setting's key begins with dynamo. or akka., such as dynamo.limits.value-bytes");
        if (Decided.TryGetValue(key, out var why)) throw new UsageException($"{option} {key}: {why}");
        // The node's program knows the keys under dynamo, and leaves those of the runtime to Akka.NET, which ignores what it does not know.
        if (key.StartsWith("akka.", StringComparison.Ordinal) && !key.StartsWith(OwnDispatchers, StringComparison.Ordinal) && !Runtime.Value.HasPath(key))
            throw new UsageException($"{option} {key}: neither Akka.NET nor the product has such a setting");
        return key;
    }

    /// <summary>The value as it is written in a file: a list as given, any other one in quotes.</summary>
    public static string Hocon(string value)
    {
        if (value.StartsWith('[')) return value;
        var text = value is ['"', .. var inner, '"'] ? inner : value;
        return $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
    }

    [GeneratedRegex(@"^(dynamo|akka)(\.[A-Za-z0-9_-]+)+\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();
}
