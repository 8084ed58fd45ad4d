using Akka.Actor;

namespace Akka.TestKit;

/// <summary>What a test actor itself obeys; everything else is put where the test takes it from.</summary>
public static class TestActor
{
    public delegate bool Ignore(object message);

    public static NullMessageEnvelope NullMessage => NullMessageEnvelope.Instance;

    public static AutoPilot NoAutoPilot => AutoPilot.NoAutoPilot;

    public static AutoPilot KeepRunning => AutoPilot.KeepRunning;

    public class SetIgnore : INoSerializationVerificationNeeded
    {
        /// <param name="ignore">Null to ignore nothing.</param>
        public SetIgnore(Ignore? ignore) => Ignore = ignore!;

        public Ignore Ignore { get; }
    }

    public class Watch : INoSerializationVerificationNeeded
    {
        public Watch(IActorRef actorToWatch) => Actor = actorToWatch;

        public IActorRef Actor { get; }
    }

    public class Unwatch : INoSerializationVerificationNeeded
    {
        public Unwatch(IActorRef actorToUnwatch) => Actor = actorToUnwatch;

        public IActorRef Actor { get; }
    }

    public class SetAutoPilot : INoSerializationVerificationNeeded
    {
        public SetAutoPilot(AutoPilot autoPilot) => AutoPilot = autoPilot;

        public AutoPilot AutoPilot { get; }
    }
}
