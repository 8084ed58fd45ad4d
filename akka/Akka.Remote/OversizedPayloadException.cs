using Akka.Actor;

namespace Akka.Remote;

/// <summary>A message whose frame is larger than <c>maximum-frame-size</c>; it is logged, and the message is not sent.</summary>
internal sealed class OversizedPayloadException(string message) : AkkaException(message, null);
