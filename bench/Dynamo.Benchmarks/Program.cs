using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;
using Dynamo.Benchmarks;

// BenchmarkDotNet builds a program of its own over this one, and with it the product once more: two minutes, its usual limit, are short on a busy machine.
var config = DefaultConfig.Instance.AddDiagnoser(MemoryDiagnoser.Default).WithBuildTimeout(TimeSpan.FromMinutes(10));

// The classes are public and open, since that program derives from them.
BenchmarkSwitcher.FromAssembly(typeof(RingBenchmarks).Assembly).Run(args, config);
