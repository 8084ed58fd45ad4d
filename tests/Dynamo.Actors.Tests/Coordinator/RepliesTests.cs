using System.Text;
using Dynamo.Actors.Coordinator;
using Dynamo.Core.Ring;
using Dynamo.Core.Versioning;
using Dynamo.Protocol;
using Dynamo.Tests.Support;

namespace Dynamo.Actors.Tests.Coordinator;

public sealed class RepliesTests : Akka.TestKit.Xunit2.TestKit
{
    private const int Count = 1500;
    private static readonly byte[] Context = new byte[1000];
    private static readonly NodeId LongName = new(new string('n', NodeId.MaxLength));

    public static TheoryData<string> Kinds => ["get", "put", "failure"];

    /// <summary>Contexts of many writes, receipts of sixteen nodes with long names, long reasons.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Replies_go_in_messages_of_bounded_size(string kind)
    {
        var settings = Given.Settings();
        using var contexts = new ContextToken(Encoding.UTF8.GetBytes("secret"));
        var replies = new Replies(settings, contexts, Sys.Scheduler);
        for (var id = 0; id < Count; id++) replies.Add(TestActor, Reply(kind, id));
        replies.Flush(1, TestActor);
        for (var came = 0; came < Count;)
        {
            var message = ExpectMsg<ClientReplies>(Given.Long);
            Assert.InRange(new DynamoSerializer(null!).ToBinary(message).Length, 1, settings.Limits.BatchBytes);
            came += message.Replies.Length;
        }
    }

    private static ClientReply Reply(string kind, long id) => kind switch
    {
        "get" => new GetReply(id, [], Context, 2),
        "put" => new PutReply(id, Context, 2, [.. Enumerable.Repeat(new ReceiptLine(LongName, LongName, Synced: true), 16)]),
        _ => new RequestFailed(id, FailureKind.QuorumNotMet, new string('ü', 1000), 2, 1),
    };
}
