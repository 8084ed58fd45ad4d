using Dynamo.Client.Admin;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.MultiNode;

/// <summary>A scenario with whole nodes and the real client.</summary>
public abstract class MultiNodeTest : Akka.TestKit.Xunit2.TestKit
{
    protected static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    protected async Task AwaitAgreedAsync(NodesInProcess nodes)
    {
        await using var admin = DynamoAdmin.Open();
        await AwaitConditionAsync(() => nodes.IsAgreedAsync(admin), Limit, Given.Often);
    }
}
