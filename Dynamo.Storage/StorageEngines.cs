using System.Buffers.Binary;
using System.Security.Cryptography;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Storage.Memory;
using Dynamo.Storage.Sqlite;

namespace Dynamo.Storage;

/// <summary>Opens the engine that a node's settings name.</summary>
public static class StorageEngines
{
    /// <param name="cluster">With <paramref name="node"/>: the owner of the store. Another owner's store is refused.</param>
    /// <exception cref="StoreException">The store is damaged, newer than the program, another node's, or cannot be written.</exception>
    public static IStorageEngine Open(StorageSettings settings, string cluster, NodeId node) => settings.Engine switch
    {
        "memory" => new MemoryEngine(NewStoreId()),
        _ => SqliteEngine.Open(settings.Sqlite, cluster, node, NewStoreId),
    };

    private static StoreId NewStoreId() => new(BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)));
}
