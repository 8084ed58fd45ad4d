using Dynamo.Actors.Settings;
using Dynamo.Core.Membership;
using Dynamo.Core.Storage;
using Dynamo.Core.Wire;

namespace Dynamo.Actors.Gossip;

/// <summary>The cluster state saved in a node's store: a restarted node knows its cluster, and ring and buckets survive a stop of all nodes.</summary>
public static class SavedState
{
    private const string Name = "cluster";

    /// <exception cref="StoreException">The saved state is damaged. Starting without it could cost the node its ring, so the node does not start.</exception>
    public static ClusterState Load(IStorageEngine engine, DynamoSettings settings)
    {
        if (engine.GetMeta(Name) is not { } saved) return ClusterState.Empty;
        var from = new ByteReader(saved);
        try
        {
            var state = StateCodec.ReadState(ref from);
            from.End();
            return state;
        }
        catch (MalformedBytesException e)
        {
            throw new StoreException(
                $"the cluster state that node {settings.Node.Id} saved in its {engine.Name} store ({settings.Storage.Sqlite.DataDir}) is damaged: {e.Message}. It was left "
                + "as it is; move the folder away and start the node empty under its name, and the others give it what it had", e);
        }
    }

    public static Task SaveAsync(IStorageEngine engine, ClusterState state)
    {
        var to = new ByteWriter(1024);
        StateCodec.Write(to, state);
        return engine.SetMetaAsync(Name, to.ToArray());
    }
}
