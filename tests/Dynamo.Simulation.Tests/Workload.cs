using Dynamo.Client;
using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>A client that reads, writes and deletes a few keys at random, and notes what it did.</summary>
public sealed class Workload(SimWorld world, DynamoClient client, History history, Random random, int keys)
{
    private static readonly RequestSettings Patient = new(Timeout: TimeSpan.FromSeconds(4));

    public bool IsOver { get; private set; }

    public async Task RunAsync(int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            await world.Delay(TimeSpan.FromMilliseconds(random.Next(1, 200)));
            await StepAsync($"key-{random.Next(keys)}");
        }
        IsOver = true;
    }

    // Mostly a get and then a put or delete with its context; sometimes a put that saw nothing.
    private async Task StepAsync(string key)
    {
        var context = DynamoContext.None;
        IEnumerable<int> seen = [];
        if (random.Next(5) > 0)
        {
            try
            {
                var got = await client.GetAsync(key, Patient);
                context = got.Context;
                seen = got.Values.Select(v => History.ValueOf(v.Span)).ToArray();
            }
            catch (DynamoException)
            {
                return;
            }
        }
        var note = history.Begin(key, isDelete: !context.IsNone && random.Next(6) == 0, seen);
        try
        {
            if (note.IsDelete) await client.DeleteAsync(key, context, Patient);
            else await client.PutAsync(key, History.Bytes(note.Value), context, Patient);
            note.IsAcked = true;
            world.Note($"acked {key} {note.Value}");
        }
        catch (DynamoException e)
        {
            world.Note($"failed {key} {note.Value} {e.Message}");
        }
    }
}
