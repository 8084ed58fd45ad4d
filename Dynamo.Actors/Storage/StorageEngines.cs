using System.Buffers.Binary;
using System.Security.Cryptography;
using Dynamo.Actors.Settings;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;

namespace Dynamo.Actors.Storage;

/// <summary>The engine that a node's settings name.</summary>
public static class StorageEngines
{
    /// <exception cref="StoreException">The store is damaged, newer than the program, another node's, or cannot be written.</exception>
    public static IStorageEngine Open(DynamoSettings settings) => settings.Storage.Engine switch
    {
        "memory" => new MemoryEngine(NewStoreId()),
        _ => SqliteEngine.Open(settings, NewStoreId),
    };

    private static StoreId NewStoreId() => new(BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8)));
}
