using System.CommandLine;
using System.Diagnostics;
using Dynamo.Cli.Options;
using Dynamo.Cli.Output;
using Dynamo.Cli.Shared;
using Dynamo.Client.Admin;

namespace Dynamo.Cli.Commands.Admin;

/// <summary>`dynamo admin drain`.</summary>
internal static class DrainCommand
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        var node = new Argument<string>("node") { Description = "The node's name." };
        var off = CommandLine.Flag("--off", "End the drain: the node coordinates requests again.");
        var limit = new Option<TimeSpan?>("--for") { Description = "How long to wait for the drain: 500ms, 3s, 1m. Default 60s.", CustomParser = argument => CommandLine.ParseDuration(argument, "--for") };
        return AdminCall.Make(new Command("drain", "Prepares a node for a restart: it takes no new requests and hands over its hints. Exits 3 if it is not done in time.") { node, off, limit }, async call =>
        {
            var member = AdminCall.Members(await call.ClusterAsync(), [call.Get(node)!])[0];
            var isOn = !call.Get(off);
            var clock = Stopwatch.StartNew();
            var state = await call.Admin.DrainAsync(member.Address, isOn, call.Timeout, call.Cancellation);
            while (isOn && !state.IsDone && clock.Elapsed < (call.Get(limit) ?? Usual))
            {
                await Task.Delay(Between, call.Cancellation);
                state = await call.Admin.DrainAsync(member.Address, isOn, call.Timeout, call.Cancellation);
            }
            if (call.IsJson) PrintJson(member.Id.Name, state);
            else Console.Out.WriteLine(Sentence(member.Id.Name, state));
            return !isOn || state.IsDone ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    private static string Sentence(string node, DrainState state)
    {
        if (!state.IsOn) return $"{node} coordinates requests";
        return state.IsDone
            ? $"{node} is drained and can be restarted; a restart or --off ends the drain"
            : $"{node} coordinates no new requests, but has {state.InFlight} in flight and keeps {state.HintsHeld} hints for nodes that do not take them; hints survive a restart";
    }

    private static void PrintJson(string node, DrainState state) => JsonLine.Print(json =>
    {
        json.WriteString("node", node);
        json.WriteBoolean("draining", state.IsOn);
        json.WriteNumber("inFlight", state.InFlight);
        json.WriteNumber("hints", state.HintsHeld);
    });
}
