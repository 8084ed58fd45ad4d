using Dynamo.Client;
using Dynamo.Client.Admin;
using Dynamo.Core.Membership;

namespace Dynamo.Http.Requests;

/// <summary>What the routes work with: a client and an administrator in the node's own actor system.</summary>
/// <param name="Self">The node's address.</param>
/// <param name="Timeout">Time limit of a request that sets none.</param>
internal sealed record NodeAccess(DynamoClient Client, DynamoAdmin Admin, NodeAddress Self, int MaxValueBytes, TimeSpan Timeout);
