using Akka.Actor;
using Akka.Event;

namespace Akka.Tests.Actor;

public sealed class MessagingTests : ActorTest
{
    [Fact]
    public async Task A_million_messages_arrive_once_and_in_order_per_pair()
    {
        const int senders = 8;
        const int each = 125_000;
        var done = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var expected = new int[senders];
        var left = senders * each;
        var sink = Spawn((message, _) =>
        {
            var (from, number) = ((int, int))message;
            if (expected[from]++ != number)
                done.TrySetResult($"from {from}: {number} instead of {expected[from] - 1}");
            if (--left == 0)
                done.TrySetResult("all");
        });
        for (var i = 0; i < senders; i++)
        {
            var from = i;
            Spawn((_, context) =>
            {
                for (var n = 0; n < each; n++)
                    sink.Tell((from, n), context.Self);
            }).Tell("go");
        }

        Assert.Equal("all", await done.Task.WaitAsync(TimeSpan.FromMinutes(2)));
        Assert.All(expected, count => Assert.Equal(each, count));
    }

    [Fact]
    public async Task Tell_names_its_sender_and_forward_keeps_it()
    {
        var recorder = Record();
        var forwarder = Spawn((message, _) => recorder.Ref.Forward(message));
        var middle = Spawn((message, context) => forwarder.Tell(message, context.Self), "middle");
        middle.Tell("x");
        await recorder.Expect("x");
        Assert.Equal(middle, recorder.LastSender);

        recorder.Ref.Tell("y", ActorRefs.NoSender);
        await recorder.Expect("y");
        Assert.Equal(Sys.DeadLetters, recorder.LastSender);
    }

    [Fact]
    public async Task Behaviours_are_replaced_stacked_and_unstacked()
    {
        var recorder = Record();
        var actor = Sys.ActorOf(Props.Create(() => new Becoming(recorder.Ref)));
        foreach (var message in new object[] { "a", "push", "a", "pop", "a", "pop", "a", "replace", "a" })
            actor.Tell(message);
        await recorder.Expect("base a", "stacked a", "base a", "base a", "replaced a");
    }

    private sealed class Becoming(IActorRef report) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "push":
                    BecomeStacked(m => On("stacked", m));
                    break;
                case "replace":
                    Become(m => On("replaced", m));
                    break;
                default:
                    On("base", message);
                    break;
            }
        }

        private void On(string state, object message)
        {
            if (message is "pop")
                UnbecomeStacked();
            else
                report.Tell($"{state} {message}");
        }
    }

    [Fact]
    public async Task Handlers_of_a_receive_actor_are_tried_in_their_order()
    {
        var recorder = Record();
        var actor = Sys.ActorOf(Props.Create(() => new Ordered(recorder.Ref)));
        foreach (var message in new object[] { "x", "special", 1, 20, 3L, 4.5, 'c', "switch", "x" })
            actor.Tell(message);
        await recorder.Expect("string x", "special", "small 1", "int 20", "other 3", "other 4.5", "char", "switched x");
    }

    private sealed class Ordered : ReceiveActor
    {
        public Ordered(IActorRef report)
        {
            Receive<string>(text => text == "special", _ => report.Tell("special"));
            Receive<string>(text =>
            {
                if (text != "switch")
                    return false;
                Become(() => Receive<string>(later => report.Tell("switched " + later)));
                return true;
            });
            Receive<string>(text => report.Tell("string " + text));
            Receive<int>(number => report.Tell("small " + number), number => number < 10);
            Receive<int>(number => report.Tell("int " + number));
            Receive(typeof(char), _ => report.Tell("char"));
            ReceiveAny(other => report.Tell("other " + other));
        }
    }

    [Fact]
    public void Handlers_are_added_in_the_constructor_or_in_become_only_and_none_after_the_one_for_all()
    {
        Assert.Throws<InvalidOperationException>(() => Run(() => new Late(true)));
        Assert.Throws<InvalidOperationException>(() => Run(() => new Late(false)));

        void Run(System.Linq.Expressions.Expression<Func<Late>> factory)
        {
            var failure = Sys.ActorOf(Props.Create(factory)).Ask<Exception?>("go", Deadline).Result;
            if (failure is not null)
                throw failure;
        }
    }

    private sealed class Late : ReceiveActor
    {
        private readonly Exception? _failure;

        public Late(bool afterAny)
        {
            if (afterAny)
            {
                ReceiveAny(_ => Sender.Tell(_failure!));
                _failure = Xunit.Record.Exception(() => Receive<string>(_ => { }));
                return;
            }

            Receive<string>(_ => Sender.Tell(Xunit.Record.Exception(() => Receive<int>(_ => { }))!));
        }
    }

    [Fact]
    public async Task What_is_not_handled_is_published()
    {
        var recorder = Record();
        Sys.EventStream.Subscribe(recorder.Ref, typeof(UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create(() => new OnlyStrings()));
        actor.Tell(5, recorder.Ref);
        var unhandled = await recorder.Expect<UnhandledMessage>();
        Assert.Equal((5, actor, recorder.Ref), (unhandled.Message, unhandled.Recipient, unhandled.Sender));
    }

    private sealed class OnlyStrings : ReceiveActor
    {
        public OnlyStrings() => Receive<string>(_ => { });
    }

    [Fact]
    public void A_null_message_is_refused() =>
        Assert.Throws<InvalidMessageException>(() => Spawn((_, _) => { }).Tell(null!, ActorRefs.NoSender));

    [Fact]
    public async Task An_actor_answers_Identify_and_an_empty_place_answers_with_nobody()
    {
        var actor = Spawn((_, _) => { }, "here");
        var here = await Sys.ActorSelection("/user/here").Ask<ActorIdentity>(new Identify(1), Deadline);
        Assert.Equal((1, actor), (here.MessageId, here.Subject));
        var gone = await Sys.ActorSelection("/user/gone").Ask<ActorIdentity>(new Identify("id"), Deadline);
        Assert.Equal("id", gone.MessageId);
        Assert.Null(gone.Subject);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    public void A_name_has_letters_digits_and_some_symbols(string name) =>
        Assert.Throws<InvalidActorNameException>(() => Spawn((_, _) => { }, name));

    [Fact]
    public void A_name_is_taken_once()
    {
        Spawn((_, _) => { }, "name");
        Assert.Throws<InvalidActorNameException>(() => Spawn((_, _) => { }, "name"));
    }

    /// <summary>On a thread of its own: one of the pool's may be in the turn of an actor, of which a test kit's is one for as long as its test.</summary>
    [Fact]
    public async Task An_actor_is_not_made_with_new() => await Task.Factory.StartNew(
        () => Assert.Throws<ActorInitializationException>(() => new OnlyStrings()),
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    [Fact]
    public async Task Props_find_the_constructor_by_its_arguments()
    {
        var one = Sys.ActorOf(Props.Create<Constructed>("text"));
        var two = Sys.ActorOf(Props.Create(typeof(Constructed), "text", 7));
        var three = Sys.ActorOf(Props.Create(() => new Constructed("x" + 1, Math.Max(1, 2))));
        Assert.Equal("text 0", await one.Ask<string>("?", Deadline));
        Assert.Equal("text 7", await two.Ask<string>("?", Deadline));
        Assert.Equal("x1 2", await three.Ask<string>("?", Deadline));
        Assert.Throws<ArgumentException>(() => Props.Create(() => Make()));
    }

    private static Constructed Make() => throw new InvalidOperationException();

    private sealed class Constructed(string text, int number) : UntypedActor
    {
        public Constructed(string text)
            : this(text, 0)
        {
        }

        protected override void OnReceive(object message) => Sender.Tell($"{text} {number}");
    }
}
