namespace Dynamo.Hosting;

/// <summary>Finds the node's root actor in Akka.Hosting's <c>ActorRegistry</c>, and as <c>IRequiredActor&lt;DynamoNodeKey&gt;</c>.</summary>
public sealed class DynamoNodeKey
{
    private DynamoNodeKey()
    {
    }
}
