namespace Dynamo.Client.Typed;

/// <summary>Typed views of a client's buckets.</summary>
public static class TypedBuckets
{
    /// <summary>A view of a bucket whose values are of one type.</summary>
    /// <param name="client">The client.</param>
    /// <param name="name">The bucket's name.</param>
    /// <param name="codec">Turns values into bytes, and back; see <see cref="DynamoCodec"/>.</param>
    /// <param name="resolver">Makes one value of siblings; null: a read of siblings fails. See <see cref="ConflictResolver"/>.</param>
    /// <typeparam name="T">The type of the values.</typeparam>
    public static DynamoBucket<T> Bucket<T>(this DynamoClient client, string name, IDynamoCodec<T> codec, IConflictResolver<T>? resolver = null) =>
        new(client, name, codec, resolver ?? ConflictResolver.Refuse<T>());
}
