using System.Collections.Immutable;
using Dynamo.Core.Ring;
using Dynamo.Core.Wire;

namespace Dynamo.Protocol;

/// <summary>The small forms that the conversations share.</summary>
internal static class WireForms
{
    public static void Node(this ByteWriter to, NodeId node) => to.Text(node.Name);

    public static NodeId Node(this ref ByteReader from) => new(from.Text());

    public static void MaybeNode(this ByteWriter to, NodeId? node) => to.Text(node?.Name ?? "");

    public static NodeId? MaybeNode(this ref ByteReader from) => from.Text() is { Length: > 0 } name ? new NodeId(name) : null;

    public static void Nodes(this ByteWriter to, ImmutableArray<NodeId> nodes)
    {
        to.Count(nodes.Length);
        foreach (var node in nodes) to.Node(node);
    }

    public static ImmutableArray<NodeId> Nodes(this ref ByteReader from)
    {
        var nodes = ImmutableArray.CreateBuilder<NodeId>(from.ListLength());
        while (nodes.Count < nodes.Capacity) nodes.Add(from.Node());
        return nodes.MoveToImmutable();
    }

    public static void Ints(this ByteWriter to, ImmutableArray<int> numbers)
    {
        to.Count(numbers.Length);
        foreach (var number in numbers) to.Count(number);
    }

    public static ImmutableArray<int> Ints(this ref ByteReader from)
    {
        var numbers = ImmutableArray.CreateBuilder<int>(from.ListLength());
        while (numbers.Count < numbers.Capacity) numbers.Add(from.Int());
        return numbers.MoveToImmutable();
    }

    public static void Key(this ByteWriter to, StorageKey key) => to.Bytes(key.Encoded);

    public static StorageKey Key(this ref ByteReader from) => StorageKey.FromEncoded(from.Bytes().Span);

    public static void MaybeKey(this ByteWriter to, StorageKey? key) => to.Bytes(key?.Encoded ?? []);

    public static StorageKey? MaybeKey(this ref ByteReader from) => from.Bytes() is { IsEmpty: false } key ? StorageKey.FromEncoded(key.Span) : null;

    /// <summary>A number that may be absent: 0, or the number plus one.</summary>
    public static void MaybeCount(this ByteWriter to, int? value) => to.Count(value + 1L ?? 0);

    public static int? MaybeCount(this ref ByteReader from) => from.Count() switch
    {
        0 => null,
        var value and <= 1L + int.MaxValue => (int)(value - 1),
        _ => throw new MalformedBytesException("a number beyond 2^31"),
    };
}
