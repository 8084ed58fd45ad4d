using Akka.Actor;

namespace Akka.Cluster.Tools.PublishSubscribe;

/// <summary>What the serializer of publish and subscribe is bound to.</summary>
public interface IDistributedPubSubMessage;

/// <summary>To one actor at the path, on any node; with local affinity on the own node if there is one.</summary>
public sealed class Send : IDistributedPubSubMessage, IWrappedMessage, IEquatable<Send>
{
    public Send(string path, object message, bool localAffinity = true)
    {
        Path = path;
        Message = message;
        LocalAffinity = localAffinity;
    }

    public string Path { get; }

    public object Message { get; }

    public bool LocalAffinity { get; }

    public bool Equals(Send? other) => other is not null && (Path, LocalAffinity) == (other.Path, other.LocalAffinity) && Equals(Message, other.Message);

    public override bool Equals(object? obj) => Equals(obj as Send);

    public override int GetHashCode() => HashCode.Combine(Path, Message, LocalAffinity);

    public override string ToString() => $"Send<path: {Path}, localAffinity: {LocalAffinity}, message: {Message}>";
}

/// <summary>To the actors at the path on all nodes.</summary>
public sealed class SendToAll : IDistributedPubSubMessage, IWrappedMessage, IEquatable<SendToAll>
{
    public SendToAll(string path, object message, bool excludeSelf = false)
    {
        Path = path;
        Message = message;
        ExcludeSelf = excludeSelf;
    }

    public string Path { get; }

    public object Message { get; }

    public bool ExcludeSelf { get; }

    public bool Equals(SendToAll? other) => other is not null && (Path, ExcludeSelf) == (other.Path, other.ExcludeSelf) && Equals(Message, other.Message);

    public override bool Equals(object? obj) => Equals(obj as SendToAll);

    public override int GetHashCode() => HashCode.Combine(Path, Message, ExcludeSelf);

    public override string ToString() => $"SendToAll<path: {Path}, excludeSelf: {ExcludeSelf}, message: {Message}>";
}

/// <summary>To the subscribers of the topic.</summary>
public sealed class Publish : IDistributedPubSubMessage, IWrappedMessage, IEquatable<Publish>
{
    public Publish(string topic, object message, bool sendOneMessageToEachGroup = false)
    {
        Topic = topic;
        Message = message;
        SendOneMessageToEachGroup = sendOneMessageToEachGroup;
    }

    public string Topic { get; }

    public object Message { get; }

    public bool SendOneMessageToEachGroup { get; }

    public bool Equals(Publish? other) =>
        other is not null && (Topic, SendOneMessageToEachGroup) == (other.Topic, other.SendOneMessageToEachGroup) && Equals(Message, other.Message);

    public override bool Equals(object? obj) => Equals(obj as Publish);

    public override int GetHashCode() => HashCode.Combine(Topic, Message, SendOneMessageToEachGroup);

    public override string ToString() => $"Publish<topic: {Topic}, sendOneMessageToEachGroup: {SendOneMessageToEachGroup}, message: {Message}>";
}
