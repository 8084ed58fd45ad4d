using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Actor;

public sealed class SelectionTests : ActorTest
{
    private sealed class Tree(IActorRef report, string[] children) : UntypedActor
    {
        protected override void PreStart()
        {
            foreach (var child in children)
                Context.ActorOf(Props.Create(() => new Tree(report, Array.Empty<string>())), child);
        }

        protected override void OnReceive(object message)
        {
            if (message is (string path, object inner))
                Context.ActorSelection(path).Tell(inner);
            else
                report.Tell($"{Self.Path.ToStringWithoutAddress()}: {message}", Sender);
        }
    }

    private readonly Recorder _recorder;
    private readonly IActorRef _tree;

    public SelectionTests()
    {
        _recorder = Record("recorder");
        var report = _recorder.Ref;
        _tree = Sys.ActorOf(Props.Create(() => new Tree(report, new[] { "a1", "a2", "b1" })), "tree");
    }

    /// <summary>The tree has its children when it answers.</summary>
    public override Task InitializeAsync() => _tree.Ask<ActorIdentity>(new Identify(0), Deadline);

    private async Task ExpectAll(params string[] messages)
    {
        var seen = new List<object>();
        foreach (var _ in messages)
            seen.Add(await _recorder.Next());
        Assert.Equal(messages.Order(), seen.Cast<string>().Order());
        await _recorder.ExpectNothing();
    }

    [Fact]
    public async Task A_path_leads_from_the_root_from_the_actor_or_by_address()
    {
        Sys.ActorSelection("/user/tree/a1").Tell(1);
        await _recorder.Expect("/user/tree/a1: 1");
        Sys.ActorSelection("akka://test/user/tree/a2").Tell(2);
        await _recorder.Expect("/user/tree/a2: 2");
        _tree.Tell(("b1", (object)3));
        await _recorder.Expect("/user/tree/b1: 3");
        _tree.Tell(("../tree/a1/../a2", (object)4));
        await _recorder.Expect("/user/tree/a2: 4");
        Sys.ActorSelection(_tree.Path / "a1").Tell(5, _tree);
        await _recorder.Expect("/user/tree/a1: 5");
        Assert.Equal(_tree, _recorder.LastSender);
    }

    [Fact]
    public async Task Wildcards_lead_to_all_that_match()
    {
        Sys.ActorSelection("/user/tree/a*").Tell("x");
        await ExpectAll("/user/tree/a1: x", "/user/tree/a2: x");
        Sys.ActorSelection("/user/tree/?1").Tell("y");
        await ExpectAll("/user/tree/a1: y", "/user/tree/b1: y");
        Sys.ActorSelection("/user/t*/a1").Tell("z");
        await ExpectAll("/user/tree/a1: z");
        Sys.ActorSelection("/user/tree/**").Tell("all");
        await ExpectAll("/user/tree/a1: all", "/user/tree/a2: all", "/user/tree/b1: all");
        Sys.ActorSelection("/user/tree/c*").Tell("nobody");
        await _recorder.ExpectNothing();
    }

    [Fact]
    public async Task ResolveOne_finds_the_actor_or_says_that_there_is_none()
    {
        Assert.Equal(_tree, await Sys.ActorSelection("/user/tree").ResolveOne(Deadline));
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/none").ResolveOne(Deadline));
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection("akka://other/user/tree").ResolveOne(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task A_message_to_an_empty_place_is_a_dead_letter()
    {
        var letters = Record();
        Sys.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        Sys.ActorSelection("/user/none").Tell("x", _tree);
        var letter = await letters.Expect<DeadLetter>();
        Assert.Equal(("x", _tree), (letter.Message, letter.Sender));
        Assert.EndsWith("/user/none", letter.Recipient.Path.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reference_is_resolved_by_its_path_and_uid()
    {
        var provider = ((ExtendedActorSystem)Sys).Provider;
        Assert.Equal(_tree, provider.ResolveActorRef(_tree.Path.ToSerializationFormat()));
        Assert.Equal(_tree, provider.ResolveActorRef("akka://test/user/tree"));
        Assert.Equal(_tree, await Sys.ActorSelection("/user/tree").ResolveOne(Deadline));
        var other = provider.ResolveActorRef(_tree.Path.WithUid(_tree.Path.Uid + 1));
        Assert.NotEqual(_tree, other);
        other.Tell("lost");
        await _recorder.ExpectNothing();
        Assert.Equal(Sys.DeadLetters, provider.ResolveActorRef("akka.tcp://elsewhere@host:1/user/tree"));
    }

    [Fact]
    public void Selections_are_equal_by_anchor_and_path()
    {
        Assert.Equal(Sys.ActorSelection("/user/tree"), Sys.ActorSelection("/user/tree"));
        Assert.NotEqual(Sys.ActorSelection("/user/tree"), Sys.ActorSelection("/user/other"));
        Assert.Equal("/user/tree/*", Sys.ActorSelection("/user/tree/*").PathString);
    }
}
