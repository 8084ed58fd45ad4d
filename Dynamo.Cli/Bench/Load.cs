using System.Diagnostics;
using Dynamo.Client;

namespace Dynamo.Cli.Bench;

/// <summary>Keeps a number of requests in flight and measures each. Every worker has its own keys and passes its contexts on, as a good client does.</summary>
internal sealed class Load(BenchPlan plan, IReadOnlyList<DynamoClient> clients, string run)
{
    private readonly List<Worker> _workers = [.. Enumerable.Range(0, plan.InFlight).Select(i => new Worker(plan, clients[i % clients.Count], run, i))];

    public long Done => _workers.Sum(w => w.Done);

    /// <summary>Writes every key once, so that gets find something.</summary>
    public Task FillAsync() => Task.WhenAll(_workers.Select(w => Task.Run(w.FillAsync)));

    public async Task<BenchResult> MeasureAsync(IReadOnlyList<int> nodeProcesses, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = _workers.Select(w => Task.Run(() => w.RunAsync(stop.Token), CancellationToken.None)).ToArray();
        await Task.Delay(plan.Warmup, cancellation);
        foreach (var worker in _workers) worker.Forget();
        var (nodesBefore, clientBefore, clock) = (CpuOf(nodeProcesses), Environment.CpuUsage.TotalTime, Stopwatch.StartNew());
        await Task.Delay(plan.Duration, cancellation);
        var (nodesAfter, clientAfter, time) = (CpuOf(nodeProcesses), Environment.CpuUsage.TotalTime, clock.Elapsed);
        var latencies = _workers.SelectMany(w => w.Latencies()).ToArray();
        await stop.CancelAsync();
        await Task.WhenAll(running);
        return Result(latencies, time, nodesAfter - nodesBefore, clientAfter - clientBefore);
    }

    private BenchResult Result(long[] latencies, TimeSpan time, TimeSpan? nodes, TimeSpan client)
    {
        Array.Sort(latencies);
        var count = Math.Max(1, latencies.Length);
        return new BenchResult(
            plan, latencies.Length / time.TotalSeconds, At(0.5), At(0.99), At(0.999), At(1), latencies.Length, _workers.Sum(w => w.Errors),
            _workers.Select(w => w.FirstError).FirstOrDefault(e => e is not null), nodes?.TotalMicroseconds / count, client.TotalMicroseconds / count);

        double At(double part) => latencies.Length == 0 ? 0 : Stopwatch.GetElapsedTime(0, latencies[Math.Min(latencies.Length - 1, (int)(part * latencies.Length))]).TotalMilliseconds;
    }

    private static TimeSpan? CpuOf(IReadOnlyList<int> processes)
    {
        if (processes.Count == 0) return null;
        var sum = TimeSpan.Zero;
        foreach (var id in processes)
        {
            try
            {
                using var process = Process.GetProcessById(id);
                sum += process.TotalProcessorTime;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // The process has ended, so its CPU time is unknown.
                return null;
            }
        }
        return sum;
    }

    private sealed class Worker
    {
        private readonly BenchPlan _plan;
        private readonly DynamoClient _client;
        private readonly Random _random;
        private readonly DynamoKey[] _keys;
        private readonly DynamoContext[] _contexts;
        private readonly byte[] _value;
        private List<long> _latencies = new(1 << 16);

        public Worker(BenchPlan plan, DynamoClient client, string run, int number)
        {
            _plan = plan;
            _client = client;
            _random = new Random(number);
            _keys = [.. Enumerable.Range(0, plan.Keys).Where(k => k % plan.InFlight == number).Select(k => new DynamoKey($"{run}:{k}"))];
            if (_keys.Length == 0) _keys = [new DynamoKey($"{run}:{plan.Keys + number}")];
            _contexts = new DynamoContext[_keys.Length];
            _value = new byte[plan.ValueBytes];
            _random.NextBytes(_value);
        }

        public long Done { get; private set; }

        public long Errors { get; private set; }

        public string? FirstError { get; private set; }

        // The list is replaced, not cleared: the worker may be adding to it.
        public void Forget()
        {
            _latencies = new List<long>(1 << 16);
            Errors = 0;
            FirstError = null;
        }

        public long[] Latencies()
        {
            var taken = Interlocked.Exchange(ref _latencies, []);
            return [.. taken.Take(taken.Count)];
        }

        public async Task FillAsync()
        {
            for (var k = 0; k < _keys.Length; k++) await TryAsync(() => PutAsync(k));
        }

        public async Task RunAsync(CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                var k = _random.Next(_keys.Length);
                var start = Stopwatch.GetTimestamp();
                var isPut = _plan.Kind == BenchKind.Put || (_plan.Kind == BenchKind.Mix && _random.Next(2) == 0);
                if (!await TryAsync(() => isPut ? PutAsync(k) : _client.GetAsync(_keys[k]))) continue;
                _latencies.Add(Stopwatch.GetTimestamp() - start);
                Done++;
            }
        }

        private async Task PutAsync(int k) => _contexts[k] = (await _client.PutAsync(_keys[k], _value, _contexts[k])).Context;

        private async Task<bool> TryAsync(Func<Task> act)
        {
            try
            {
                await act();
                return true;
            }
            catch (DynamoException e)
            {
                Errors++;
                FirstError ??= e.Message;
                return false;
            }
        }
    }
}
