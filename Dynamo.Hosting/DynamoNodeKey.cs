namespace Dynamo.Hosting;

/// <summary>Key of the node's root actor in Akka.Hosting's <c>ActorRegistry</c>, and for <c>IRequiredActor&lt;DynamoNodeKey&gt;</c>.</summary>
public sealed class DynamoNodeKey
{
    private DynamoNodeKey()
    {
    }
}
