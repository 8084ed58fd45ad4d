using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;
using Akka.Event;

namespace Akka.Tests.Actor;

public sealed class DispatcherTests : ActorTest
{
    private const string Config = """
        pinned { type = PinnedDispatcher }
        forked { type = ForkJoinDispatcher, dedicated-thread-pool { thread-count = 2 }, throughput = 5 }
        tasks { type = TaskDispatcher, throughput = 1 }
        bounded { mailbox-type = "Akka.Dispatch.BoundedMailbox, Akka", mailbox-capacity = 2, mailbox-push-timeout-time = 0s }
        own-queue { mailbox-type = "Akka.Tests.Actor.CountingMailbox, Akka.Tests" }
        akka.actor.deployment { /configured { dispatcher = forked } }
        """;

    public DispatcherTests()
        : base(Config)
    {
    }

    [Theory]
    [InlineData("pinned")]
    [InlineData("forked")]
    [InlineData("tasks")]
    [InlineData("akka.actor.default-dispatcher")]
    public async Task Actors_run_on_the_dispatcher_they_are_given(string dispatcher)
    {
        var actor = Sys.ActorOf(Of((message, context) => context.Sender.Tell((message, context.Dispatcher.Id))).WithDispatcher(dispatcher));
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => actor.Ask<(object, string)>(i, Deadline)));
        Assert.Equal(Enumerable.Range(0, 1000), answers.Select(answer => (int)answer.Item1));
        Assert.All(answers, answer => Assert.Equal(dispatcher, answer.Item2));
    }

    [Fact]
    public async Task The_configuration_deploys_by_path()
    {
        var actor = Sys.ActorOf(Of((_, context) => context.Sender.Tell(context.Dispatcher.Id)), "configured");
        Assert.Equal("forked", await actor.Ask<string>("?", Deadline));
    }

    [Fact]
    public async Task A_pinned_actor_has_a_thread_of_its_own()
    {
        var props = Of((_, context) => context.Sender.Tell(Environment.CurrentManagedThreadId)).WithDispatcher("pinned");
        var (one, two) = (Sys.ActorOf(props), Sys.ActorOf(props));
        var first = await one.Ask<int>("?", Deadline);
        Assert.Equal(first, await one.Ask<int>("?", Deadline));
        Assert.NotEqual(first, await two.Ask<int>("?", Deadline));
    }

    [Fact]
    public void What_is_not_configured_is_an_error()
    {
        Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Of((_, _) => { }).WithDispatcher("nowhere")));
        Assert.Throws<ConfigurationException>(() => Sys.ActorOf(Of((_, _) => { }).WithMailbox("nowhere")));
        Assert.Throws<ConfigurationException>(() => Sys.Dispatchers.Lookup("nowhere"));
    }

    [Fact]
    public async Task A_bounded_mailbox_makes_dead_letters_of_what_it_has_no_room_for()
    {
        var letters = Record();
        Sys.EventStream.Subscribe(letters.Ref, typeof(DeadLetter));
        using var busy = new SemaphoreSlim(0);
        using var go = new SemaphoreSlim(0);
        var recorder = Record();
        var actor = Sys.ActorOf(Of((message, _) =>
        {
            if (message is 0)
            {
                busy.Release();
                go.Wait();
            }

            recorder.Ref.Tell(message);
        }).WithMailbox("bounded"));
        actor.Tell(0);
        Assert.True(await busy.WaitAsync(Deadline));
        for (var i = 1; i <= 4; i++)
            actor.Tell(i);
        Assert.Equal(3, (await letters.Expect<DeadLetter>()).Message);
        Assert.Equal(4, (await letters.Expect<DeadLetter>()).Message);
        go.Release();
        await recorder.Expect(0, 1, 2);
    }

    [Fact]
    public async Task A_mailbox_can_be_of_a_type_of_its_own()
    {
        var before = CountingMailbox.Enqueued;
        var actor = Sys.ActorOf(Of((message, context) => context.Sender.Tell(message)).WithMailbox("own-queue"));
        Assert.Equal("x", await actor.Ask<string>("x", Deadline));
        Assert.Equal(before + 1, CountingMailbox.Enqueued);
    }
}

public sealed class CountingMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<CountingMailbox.Queue>
{
    public static int Enqueued;

    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new Queue();

    public sealed class Queue : IMessageQueue
    {
        private readonly UnboundedMessageQueue _queue = new();

        public bool HasMessages => _queue.HasMessages;

        public int Count => _queue.Count;

        public void Enqueue(IActorRef receiver, Envelope envelope)
        {
            Interlocked.Increment(ref Enqueued);
            _queue.Enqueue(receiver, envelope);
        }

        public bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);

        public void CleanUp(IActorRef owner, IMessageQueue deadletters) => _queue.CleanUp(owner, deadletters);
    }
}
