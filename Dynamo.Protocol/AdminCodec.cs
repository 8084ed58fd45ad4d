using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

internal static class AdminCodec
{
    public static void Write(ByteWriter to, NodeStatus m)
    {
        to.Node(m.Node);
        to.Text(m.Version);
        to.Count(m.ProcessId);
        to.Count(m.UptimeMs);
        to.Text(m.Engine);
        to.Count(m.RingEpoch);
        to.Count(m.Members);
        to.Fixed64(m.StateHash);
        to.Nodes(m.Unreachable);
        to.Count(m.Keys);
        to.Count(m.Bytes);
        to.Count(m.HintsHeld);
        to.Count(m.InFlight);
    }

    public static NodeStatus ReadStatus(ref ByteReader from) => new(
        from.Node(), from.Text(), from.Int(), from.Count(), from.Text(), from.Count(), from.Int(), from.Fixed64(),
        from.Nodes(), from.Count(), from.Count(), from.Count(), from.Count());
}
