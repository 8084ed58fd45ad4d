using System.Text;
using Dynamo.Client;
using Dynamo.Core.Ring;
using Dynamo.Simulation.Tests.World;

namespace Dynamo.Simulation.Tests;

/// <summary>A client that reads, writes and deletes a few keys at random, and records what it did.</summary>
public sealed class Workload(SimWorld world, DynamoClient client, History history, Random random, Scenario scenario)
{
    private const int LargestValue = 300 << 10;
    private readonly bool _writesLarge = random.Next(6) == 0;
    private readonly RequestSettings _asked = new(
        PR: scenario.IsStrict ? 2 : null, PW: scenario.IsStrict ? 2 : null, Timeout: TimeSpan.FromSeconds(scenario.Reaps ? 2 : 4));

    public async Task RunAsync(int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            await world.Delay(TimeSpan.FromMilliseconds(random.Next(1, (int)scenario.MaxPause.TotalMilliseconds)));
            await StepAsync(NextKey());
        }
    }

    private StorageKey NextKey()
    {
        var number = random.Next(scenario.Keys);
        return StorageKey.Of(scenario.HasClockBucket && number % 2 == 0 ? History.ClockBucket : StorageKey.DefaultBucket, Encoding.UTF8.GetBytes($"key-{number}"));
    }

    // Usually a get, then a put or delete with its context; sometimes a blind put.
    private async Task StepAsync(StorageKey key)
    {
        var context = DynamoContext.None;
        IReadOnlyList<int> seen = [];
        if (random.Next(5) > 0)
        {
            var known = history.AckedOf(key);
            try
            {
                var got = await client.GetAsync(Asked(key), _asked);
                context = got.Context;
                seen = [.. got.Values.Select(v => History.ValueOf(v.Span))];
            }
            catch (DynamoException)
            {
                return;
            }
            history.JudgeGet(key, known, seen);
        }
        await WriteAsync(key, context, seen);
    }

    private async Task WriteAsync(StorageKey key, DynamoContext context, IReadOnlyList<int> seen)
    {
        var note = history.Begin(key, isDelete: MayDelete(key) && !context.IsNone && random.Next(6) < (scenario.Reaps ? 4 : 1), seen);
        try
        {
            if (note.IsDelete) await client.DeleteAsync(Asked(key), context, _asked);
            else await client.PutAsync(Asked(key), History.Bytes(note.Value, _writesLarge && random.Next(8) == 0 ? random.Next(LargestValue) : 0), context, _asked);
            note.IsAcked = true;
            world.Note($"acked {key} {note.Value}");
        }
        catch (DynamoException e)
        {
            world.Note($"failed {key} {note.Value} {e.Message}");
        }
    }

    private static DynamoKey Asked(StorageKey key) => new(key.Key.ToArray(), key.Bucket);

    // With skewed clocks a delete may win over later writes, so some keys are never deleted: they must have a value in the end.
    private static bool MayDelete(StorageKey key) => key.Bucket != History.ClockBucket || key.Key[^1] % 4 != 0;
}
