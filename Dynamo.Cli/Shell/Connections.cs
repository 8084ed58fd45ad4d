using Dynamo.Client;
using Dynamo.Client.Admin;

namespace Dynamo.Cli.Shell;

/// <summary>
/// The clients of the process. A single command opens one and ends with the process: an orderly shutdown would take longer than the request. The shell keeps those
/// that its commands opened, and the next command of the same cluster uses them.
/// </summary>
internal static class Connections
{
    private static readonly Dictionary<string, DynamoClient> Clients = [];
    private static readonly Dictionary<string, DynamoAdmin> Admins = [];

    /// <summary>The process runs more than one command.</summary>
    public static bool AreKept { get; set; }

    /// <inheritdoc cref="DynamoClient.ConnectAsync(DynamoClientOptions, CancellationToken)"/>
    public static async Task<DynamoClient> ClientAsync(DynamoClientOptions options, CancellationToken cancellation)
    {
        if (!AreKept) return await DynamoClient.ConnectAsync(options, cancellation);
        var name = $"{string.Join(' ', options.Contacts)} {options.Hostname} {options.Timeout} {options.ResendsPuts}";
        return Clients.TryGetValue(name, out var known) ? known : Clients[name] = await DynamoClient.ConnectAsync(options, cancellation);
    }

    public static DynamoAdmin Admin(DynamoClientOptions options)
    {
        if (!AreKept) return DynamoAdmin.Open(options);
        return Admins.TryGetValue(options.Hostname, out var known) ? known : Admins[options.Hostname] = DynamoAdmin.Open(options);
    }
}
