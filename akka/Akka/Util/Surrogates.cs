using Akka.Actor;

namespace Akka.Util;

/// <summary>The form in which a value travels when it cannot be serialized as it is.</summary>
public interface ISurrogate
{
    ISurrogated FromSurrogate(ActorSystem system);
}

public interface ISurrogated
{
    ISurrogate ToSurrogate(ActorSystem system);
}
