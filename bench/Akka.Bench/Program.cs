using Akka.Bench;

// A benchmark starts this program a second time as its peer: `serve` is for that alone.
if (args is ["serve"])
    return await Peer.Serve();

if (!BenchOptions.TryParse(args, out var options, out var problem))
{
    Console.Error.WriteLine(problem);
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

var results = new List<BenchResult>();
foreach (var benchmark in Suite.All.Where(options.Selects))
{
    Console.Error.WriteLine($"{benchmark.Name} ...");
    results.Add(await benchmark.Run(options.Duration));
}
if (results.Count == 0)
{
    Console.Error.WriteLine($"no benchmark is called '{options.Only}'; there are: {string.Join(", ", Suite.All.Select(benchmark => benchmark.Name))}");
    return 2;
}
Console.WriteLine(options.Json ? Report.Json(results) : Report.Table(results));
return 0;
