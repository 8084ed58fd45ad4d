using System.Text.Json;
using System.Threading.Channels;

namespace Dynamo.Bench.Load;

/// <summary>A client process: reports its connection, then runs each input line's order and prints the result. Ends with its input, even mid-run.</summary>
internal static class ClientProcess
{
    public const string Connected = "connected";

    public static async Task RunAsync(Func<Task<ITarget>> connect, int valueBytes, TextReader input, TextWriter output)
    {
        var orders = Channel.CreateUnbounded<LoadOrder>();
        new Thread(() => Read(input, orders.Writer)) { IsBackground = true, Name = "orders" }.Start();
        var load = new ClosedLoop(await connect(), valueBytes);
        await output.WriteLineAsync(Connected);
        await foreach (var order in orders.Reader.ReadAllAsync())
            await output.WriteLineAsync(JsonSerializer.Serialize(await load.RunAsync(order)));
    }

    private static void Read(TextReader input, ChannelWriter<LoadOrder> orders)
    {
        while (input.ReadLine() is { } line) orders.TryWrite(JsonSerializer.Deserialize<LoadOrder>(line)!);
        Environment.Exit(0);
    }
}
