using System.Text;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Core.Wire;

namespace Dynamo.Storage.Sqlite;

/// <summary>The store's own description: its form, its owner, its id, and whether it may have lost its tail when it is opened next.</summary>
internal sealed record StoreMeta(int Form, string Cluster, string Node, StoreId Store, bool MayLoseTail)
{
    /// <summary>Raised when the tables or their contents change so that older programs would misread them.</summary>
    public const int CurrentForm = 2;

    private const string Name = "store";

    public static StoreMeta? Read(Tables tables)
    {
        if (tables.GetMeta(Name) is not { } bytes) return null;
        var from = new ByteReader(bytes);
        var form = from.Int();
        // Another form may have another layout from here on; only its number can be trusted.
        if (form is 1 or > CurrentForm) return new StoreMeta(form, "", "", default, false);
        return new StoreMeta(form, from.Text(), from.Text(), new StoreId(from.Fixed64()), from.Bool());
    }

    public void Save(Tables tables)
    {
        var to = new ByteWriter();
        to.Count(Form);
        to.Text(Cluster);
        to.Text(Node);
        to.Fixed64(Store.Value);
        to.Bool(MayLoseTail);
        tables.PutMeta(Name, to.Written);
    }

    /// <exception cref="StoreException">This node or program may not use the store.</exception>
    public void CheckUse(string file, string cluster, string node)
    {
        if (Form < CurrentForm) throw new StoreException($"the store {file} has form {Form}, of a program before the first release; this one reads form {CurrentForm}: start the node with an empty folder. It was left as it is");
        if (Form > CurrentForm) throw new StoreException($"the store {file} has form {Form}, newer than this program's {CurrentForm}: use a newer program. It was left as it is");
        if (Cluster != cluster) throw new StoreException($"the store {file} belongs to the cluster '{Cluster}', not '{cluster}' (dynamo.cluster.name). It was left as it is");
        if (Node != node) throw new StoreException($"the store {file} belongs to node '{Node}', not '{node}' (dynamo.node.name, dynamo.storage.data-dir). It was left as it is");
    }
}

/// <summary>Counters saved with every transaction: the sequence that tenures start from, the number of transactions, and the figures.</summary>
internal record struct StoreCounters(long Sequence, long Commits, StoreFigures Figures)
{
    private const string Name = "counters";

    public static StoreCounters Read(Tables tables)
    {
        if (tables.GetMeta(Name) is not { } bytes) return default;
        var from = new ByteReader(bytes);
        return new StoreCounters(from.Count(), from.Count(), new StoreFigures(from.Count(), from.Count(), from.Count(), from.Count()));
    }

    public readonly void Save(Tables tables, ByteWriter to)
    {
        to.Clear();
        foreach (var number in (ReadOnlySpan<long>)[Sequence, Commits, Figures.Keys, Figures.Bytes, Figures.Hints, Figures.HintBytes]) to.Count(number);
        tables.PutMeta(Name, to.Written);
    }
}
