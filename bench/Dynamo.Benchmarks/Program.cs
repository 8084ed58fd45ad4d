using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Running;
using Dynamo.Benchmarks;

// BenchmarkDotNet builds its own program on top of this one, and rebuilds the product with it: its default limit of two minutes is short on a busy machine.
var config = DefaultConfig.Instance.AddDiagnoser(MemoryDiagnoser.Default).WithBuildTimeout(TimeSpan.FromMinutes(10));

// The classes are public and not sealed because that program derives from them.
BenchmarkSwitcher.FromAssembly(typeof(RingBenchmarks).Assembly).Run(args, config);
