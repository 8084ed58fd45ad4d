using Akka.Actor;
using Akka.Cluster;
using Akka.DistributedData;
using Dynamo.Bench.Load;

namespace Dynamo.Bench.DData;

/// <summary>
/// A node's entry point for clients outside the cluster: passes each request to the replicator, with majority consistency, and returns its answer. One
/// actor serves all requests; the asker travels with the replicator's command and comes back with its answer.
/// </summary>
internal sealed class Gate : UntypedActor
{
    public const string Name = "gate";
    private static readonly WriteMajority Write = new(TimeSpan.FromSeconds(3));
    private static readonly ReadMajority Read = new(TimeSpan.FromSeconds(3));
    private static readonly LWWRegisterKey<byte[]>[] CrdtKeys = [.. Enumerable.Range(0, Keys.Count).Select(key => new LWWRegisterKey<byte[]>(Keys.NameOf(key)))];
    private readonly IActorRef _replicator = DistributedData.Get(Context.System).Replicator;
    private readonly UniqueAddress _self = Cluster.Get(Context.System).SelfUniqueAddress;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case byte[] request when request[0] == GateWire.Put: OnPut(request); break;
            case byte[] request: _replicator.Tell(Dsl.Get(CrdtKeys[GateWire.KeyOf(request)], Read, AskerOf(request))); break;
            case UpdateSuccess done: Answer(done.Request, GateWire.Done, []); break;
            case GetSuccess got when got.Data is LWWRegister<byte[]> register: Answer(got.Request, GateWire.Done, register.Value); break;
            case IUpdateResponse failed: Answer(failed.Request, GateWire.Failed, []); break;
            case IGetResponse failed: Answer(failed.Request, GateWire.Failed, []); break;
            default: Unhandled(message); break;
        }
    }

    private void OnPut(byte[] request)
    {
        var value = GateWire.ValueOf(request).ToArray();
        _replicator.Tell(Dsl.Update(
            CrdtKeys[GateWire.KeyOf(request)], new LWWRegister<byte[]>(_self, []), Write, AskerOf(request), register => register.WithValue(_self, value)));
    }

    private Asker AskerOf(byte[] request) => new(Sender, GateWire.IdOf(request));

    private void Answer(object? request, byte kind, byte[] value)
    {
        if (request is Asker asker) asker.Client.Tell(GateWire.Write(kind, asker.Id, 0, value));
    }

    private sealed record Asker(IActorRef Client, int Id);
}
