using Akka.Actor;
using Akka.Serialization;
using Dynamo.Core.Ring;
using Dynamo.Core.Storage;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;

namespace Dynamo.Simulation.Tests.World;

/// <summary>Rules between nodes, broken on purpose between their actors and the wire (docs/testing.md).</summary>
public enum WireMutation
{
    None,

    /// <summary>Every node that the reaper asks answers as the reaper wants, as if it did not ask.</summary>
    AllAgreeToReap,

    /// <summary>An owner answers that it has stored a hint, and has not: the hint is dropped all the same.</summary>
    HintsNotStored,

    /// <summary>A replica answers that it has stored a put, and has not: W copies are promised and one exists.</summary>
    PutsNotStored,

    /// <summary>Other nodes' answers to a read count, but are empty: R is in effect 1.</summary>
    ReadsOfOthersEmpty,
}

/// <summary>The product's serializer, which tampers with messages between nodes. Messages within a node do not pass through it.</summary>
public sealed class TamperingSerializer : SerializerWithStringManifest
{
    private readonly DynamoSerializer _real;
    private readonly SimProcess _process;
    private readonly SimWorld _world;
    private KeyStatesRequest? _lastAsked;

    public TamperingSerializer(ExtendedActorSystem system)
        : base(system)
    {
        _real = new DynamoSerializer(system);
        _process = SimWorld.ProcessOf(system.Settings.Config);
        _world = _process.World;
    }

    public override int Identifier => DynamoSerializer.SerializerId;

    public override string Manifest(object o) => _real.Manifest(o);

    public override byte[] ToBinary(object obj) => _real.ToBinary(Sent(obj));

    public override object FromBinary(byte[] bytes, string manifest) => Received(_real.FromBinary(bytes, manifest));

    private object Sent(object message) => (_world.Mutation, message) switch
    {
        (WireMutation.AllAgreeToReap, KeyStates states) when _lastAsked?.Keys.Length == states.States.Length => new KeyStates([.. _lastAsked.Keys.Select(StateWanted)]),
        (WireMutation.ReadsOfOthersEmpty, ReadAnswers answers) => new ReadAnswers([.. answers.Answers.Select(a => a.Set is null ? a : new ReadAnswer(VersionSet.Empty, 0))]),
        _ => message,
    };

    private object Received(object message)
    {
        if (message is KeyStatesRequest asked) _lastAsked = asked;
        return (_world.Mutation, message) switch
        {
            (WireMutation.HintsNotStored, WriteBatch writes) => Without(writes, WriteCause.Hint),
            (WireMutation.PutsNotStored, WriteBatch writes) => Without(writes, WriteCause.Put),
            _ => message,
        };
    }

    // Merging an empty set changes nothing, and is answered as stored.
    private static WriteBatch Without(WriteBatch writes, WriteCause cause) =>
        new([.. writes.Items.Select(i => i.Cause == cause ? i with { Set = VersionSet.Empty } : i)]);

    private KeyState StateWanted(StorageKey key)
    {
        var cluster = _world.Cluster!;
        var ring = cluster.State.Ring.Serving;
        var primaries = ring.Primaries(ring.PartitionOf(key.Token), 3).ToArray();
        // The asker is the first primary: its digest counts, whether or not this node has the key.
        var digest = VersionCodec.Digest(key, cluster.Nodes.Single(n => n.Id == primaries[0]).Engine!.Read(new RecordKey(key)).Versions);
        return new KeyState(primaries.Any(p => p.Name == _process.Name) ? digest : 0, false);
    }
}
