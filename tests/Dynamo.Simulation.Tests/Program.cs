namespace Dynamo.Simulation.Tests;

/// <summary>
/// The simulation as a program: runs seeds of one scenario and prints a line for each. DYNAMO_LOG names a folder for the events of each run.
/// </summary>
public static class Program
{
    public static int Main(string[] args)
    {
        if (args is [Workers.Word])
        {
            Workers.Serve();
            return 0;
        }
        if (args.Length is < 2 or > 3 || Scenario.Find(args[0]) is not { } scenario || !int.TryParse(args[1], out var first) || !int.TryParse(args[^1], out var last))
        {
            Console.Error.WriteLine($"usage: Dynamo.Simulation.Tests ({string.Join('|', Scenario.Names)}) FIRST-SEED [LAST-SEED]");
            return 2;
        }
        var log = Environment.GetEnvironmentVariable("DYNAMO_LOG");
        var broken = 0;
        for (var seed = first; seed <= last; seed++)
        {
            var run = Simulation.Run(seed, scenario with { KeepsLog = log is not null });
            if (log is not null) File.WriteAllText(Path.Combine(log, $"{args[0]}-{seed}.txt"), run.Log);
            Console.WriteLine(run);
            foreach (var fault in run.Faults) Console.WriteLine($"  {fault}");
            if (run.Faults.Count > 0) broken++;
        }
        return broken == 0 ? 0 : 1;
    }
}
