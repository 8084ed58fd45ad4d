using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Remote;

public partial class RemoteWatcher
{
    public abstract class WatchCommand
    {
        protected WatchCommand(IInternalActorRef watchee, IInternalActorRef watcher)
        {
            Watchee = watchee;
            Watcher = watcher;
        }

        public IInternalActorRef Watchee { get; }

        public IInternalActorRef Watcher { get; }
    }

    public sealed class WatchRemote(IInternalActorRef watchee, IInternalActorRef watcher) : WatchCommand(watchee, watcher);

    public sealed class UnwatchRemote(IInternalActorRef watchee, IInternalActorRef watcher) : WatchCommand(watchee, watcher);

    public sealed class Heartbeat : IPriorityMessage
    {
        private Heartbeat()
        {
        }

        public static Heartbeat Instance { get; } = new();
    }

    public class HeartbeatRsp(int addressUid) : IPriorityMessage
    {
        public int AddressUid { get; } = addressUid;
    }

    public class HeartbeatTick
    {
        private HeartbeatTick()
        {
        }

        public static HeartbeatTick Instance { get; } = new();
    }

    public class ReapUnreachableTick
    {
        private ReapUnreachableTick()
        {
        }

        public static ReapUnreachableTick Instance { get; } = new();
    }

    public sealed class ExpectedFirstHeartbeat(Address from)
    {
        public Address From { get; } = from;
    }

    /// <summary>Asks for, and answers with, what is watched.</summary>
    public sealed class Stats
    {
        public static readonly Stats Empty = Counts(0, 0);

        public Stats(int watching, int watchingNodes)
            : this(watching, watchingNodes, [], [])
        {
        }

        public Stats(int watching, int watchingNodes, ImmutableHashSet<(IActorRef, IActorRef)> watchingRefs, ImmutableHashSet<Address> watchingAddresses)
        {
            Watching = watching;
            WatchingNodes = watchingNodes;
            WatchingRefs = watchingRefs;
            WatchingAddresses = watchingAddresses;
        }

        public int Watching { get; }

        public int WatchingNodes { get; }

        public ImmutableHashSet<(IActorRef, IActorRef)> WatchingRefs { get; }

        public ImmutableHashSet<Address> WatchingAddresses { get; }

        public static Stats Counts(int watching, int watchingNodes) => new(watching, watchingNodes);

        public override bool Equals(object? obj) => obj is Stats other && Watching == other.Watching && WatchingNodes == other.WatchingNodes;

        public override int GetHashCode() => HashCode.Combine(Watching, WatchingNodes);

        public override string ToString() =>
            $"Stats(watching={Watching}, watchingNodes={WatchingNodes}, watchingRefs=[{string.Join(", ", WatchingRefs)}], watchingAddresses=[{string.Join(", ", WatchingAddresses)}])";
    }
}

/// <summary>A message that goes ahead of others where a transport can tell them apart.</summary>
internal interface IPriorityMessage;

/// <summary>Every actor at the address is gone.</summary>
internal sealed record AddressTerminated(Address Address);
