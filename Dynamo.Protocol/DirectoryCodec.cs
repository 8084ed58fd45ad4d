using Dynamo.Core.Membership;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

internal static class DirectoryCodec
{
    public static void Write(ByteWriter to, DirectoryRequest m) => to.Fixed64(m.KnownHash);

    public static DirectoryRequest ReadRequest(ref ByteReader from) => new(from.Fixed64());

    public static void Write(ByteWriter to, ClusterDirectory m)
    {
        to.Text(m.ClusterName);
        to.Node(m.Node);
        StateCodec.Write(to, m.State);
        to.Fixed64(m.StateHash);
        to.Nodes(m.Unreachable);
        StateCodec.Write(to, m.Defaults);
        to.Count(m.Limits.MaxKeyBytes);
        to.Count(m.Limits.MaxValueBytes);
    }

    public static ClusterDirectory ReadDirectory(ref ByteReader from) => new(
        from.Text(), from.Node(), StateCodec.ReadState(ref from), from.Fixed64(), from.Nodes(),
        StateCodec.ReadOptions(ref from), new RequestLimits(from.Int(), from.Int()));

    public static void Write(ByteWriter to, DirectoryUnchanged m) => to.Nodes(m.Unreachable);

    public static DirectoryUnchanged ReadUnchanged(ref ByteReader from) => new(from.Nodes());
}
