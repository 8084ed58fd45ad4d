using System.Net;
using System.Net.Sockets;
using Dynamo.Cli.Shared;

namespace Dynamo.Cli.Local;

/// <summary>Finds free loopback ports for nodes. A port that is free now may be taken a moment later.</summary>
internal static class LocalPorts
{
    public static bool IsFree(int port) => TryBind(port) is not null;

    /// <summary>The first of <paramref name="count"/> consecutive free ports: the system picks one, and the following ones are tried.</summary>
    /// <exception cref="FailedException">No such range was found.</exception>
    public static int FirstOf(int count)
    {
        for (var tries = 0; tries < 100; tries++)
            if (TryBind(0) is { } port && port + count <= 65536 && Enumerable.Range(port + 1, count - 1).All(IsFree)) return port;
        throw new FailedException($"no {count} free ports in a row were found");
    }

    /// <summary>Free ports from <paramref name="first"/> on, where those of <paramref name="taken"/> count as in use.</summary>
    /// <exception cref="FailedException">There are not so many.</exception>
    public static IReadOnlyList<int> From(int first, int count, IReadOnlySet<int> taken)
    {
        int[] free = [.. Enumerable.Range(first, 65536 - first).Where(p => !taken.Contains(p) && IsFree(p)).Take(count)];
        return free.Length == count ? free : throw new FailedException($"no {count} free ports from {first} on were found: choose others with --http-port");
    }

    /// <param name="port">0: any.</param>
    private static int? TryBind(int port)
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return ((IPEndPoint)probe.LocalEndPoint!).Port;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
