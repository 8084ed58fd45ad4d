using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace Akka.Remote.Serialization;

/// <summary>Messages sent by selection: <c>{1 Payload, 2 repeated {1 type, 2 matcher}}</c>.</summary>
public class MessageContainerSerializer(ExtendedActorSystem system) : Serializer(system)
{
    private const ulong Parent = 1;
    private const ulong ChildName = 2;
    private const ulong ChildPattern = 3;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj)
    {
        if (obj is not ActorSelectionMessage selection)
            throw new ArgumentException($"Cannot serialize object of type [{obj.GetType()}]", nameof(obj));
        var envelope = new FieldBuilder().Nested(1, WrappedPayload.ToBytes(system, selection.Message));
        foreach (var element in selection.Elements)
            envelope.Nested(2, ElementToBinary(element));
        return envelope.ToArray();
    }

    public override object FromBinary(byte[] bytes, Type? type)
    {
        var fields = new FieldMap(bytes);
        var message = WrappedPayload.FromBytes(system, fields.Bytes(1))
            ?? throw new SerializationException("Malformed selection: it holds no message");
        return new ActorSelectionMessage(message, [.. fields.Repeated(2).Select(ElementFromBinary)]);
    }

    private static byte[] ElementToBinary(SelectionPathElement element) => element switch
    {
        SelectParent => new FieldBuilder().Number(1, Parent).ToArray(),
        SelectChildName child => new FieldBuilder().Number(1, ChildName).String(2, child.Name).ToArray(),
        SelectChildPattern pattern => new FieldBuilder().Number(1, ChildPattern).String(2, pattern.PatternStr).ToArray(),
        _ => throw new SerializationException($"A selection by [{element}] does not go between nodes"),
    };

    private static SelectionPathElement ElementFromBinary(byte[] bytes)
    {
        var fields = new FieldMap(bytes);
        return fields.Number(1) switch
        {
            Parent => new SelectParent(),
            ChildName => new SelectChildName(fields.String(2)),
            ChildPattern => new SelectChildPattern(fields.String(2)),
            var type => throw new SerializationException($"Malformed selection: element of type {type}"),
        };
    }
}
