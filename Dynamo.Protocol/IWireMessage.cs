namespace Dynamo.Protocol;

/// <summary>A message that may cross the wire: <see cref="DynamoSerializer"/> is bound to this interface and knows every type that implements it.</summary>
public interface IWireMessage;
