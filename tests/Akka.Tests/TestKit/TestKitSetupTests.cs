using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Xunit.Abstractions;

namespace Akka.Tests.Kit;

public class TestKitSetupTests
{
    [Fact]
    public void A_kit_takes_a_config_and_a_name_and_stops_its_system()
    {
        var kit = new Akka.TestKit.Xunit2.TestKit(ConfigurationFactory.ParseString("akka.test.timefactor = 2, akka.test.single-expect-default = 7s"), "named");
        Assert.Equal("named", kit.Sys.Name);
        Assert.Equal(TimeSpan.FromSeconds(14), kit.RemainingOrDefault);
        Assert.Equal(TimeSpan.FromSeconds(6), kit.Dilated(TimeSpan.FromSeconds(3)));
        kit.Dispose();
        Assert.True(kit.Sys.WhenTerminated.IsCompleted);
    }

    [Fact]
    public async Task A_kit_uses_a_system_it_is_given()
    {
        var system = ActorSystem.Create("own", Akka.TestKit.Xunit2.TestKit.DefaultConfig);
        using var kit = new Akka.TestKit.Xunit2.TestKit(system);
        Assert.Same(system, kit.Sys);
        kit.TestActor.Tell("x");
        kit.ExpectMsg("x");
        kit.Shutdown(verifySystemShutdown: true);
        await system.WhenTerminated;
    }

    [Fact]
    public void A_system_s_log_goes_to_the_test_s_output()
    {
        var output = new Lines();
        using var kit = new Akka.TestKit.Xunit2.TestKit("akka.loglevel = INFO", output);
        kit.Log.Info("hello");
        kit.AwaitAssert(() => Assert.Contains(output.Written, line => line.Contains("hello", StringComparison.Ordinal)));
    }

    private sealed class Lines : ITestOutputHelper
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public void WriteLine(string message) => Written.Enqueue(message);

        public void WriteLine(string format, params object[] args) => WriteLine(string.Format(format, args));
    }
}
