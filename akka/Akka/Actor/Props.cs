using System.Linq.Expressions;
using Akka.Util;

namespace Akka.Actor;

/// <summary>The recipe for an actor: its type, its constructor's arguments, and where and how it is to live.</summary>
public class Props : IEquatable<Props>, ISurrogated
{
    public static readonly Props None = new(typeof(EmptyActor));

    private readonly ActorProducer _producer;

    public Props()
        : this(typeof(EmptyActor))
    {
    }

    public Props(Type type)
        : this(Deploy.Local, type, [])
    {
    }

    public Props(Type type, object[] args)
        : this(Deploy.Local, type, args)
    {
    }

    public Props(Type type, SupervisorStrategy? supervisorStrategy, params object[] args)
        : this(Deploy.Local, type, args) => SupervisorStrategy = supervisorStrategy!;

    public Props(Deploy deploy, Type type, params object[] args)
        : this(ActorProducer.For(type, args ?? []), deploy, type, args ?? [])
    {
    }

    protected Props(Props copy)
        : this(copy._producer, copy.Deploy, copy.Type, copy.Arguments) => SupervisorStrategy = copy.SupervisorStrategy;

    private Props(ActorProducer producer, Deploy deploy, Type type, object[] args)
    {
        _producer = producer;
        Deploy = deploy;
        Type = type;
        Arguments = args;
    }

    public static Props Empty { get; } = new(typeof(EmptyActor));

    public Type Type { get; }

    public string TypeName => Type.TypeQualifiedName();

    public object[] Arguments { get; }

    public Deploy Deploy { get; protected set; }

    /// <summary>Null when the actor's own strategy counts.</summary>
    public SupervisorStrategy SupervisorStrategy { get; protected set; } = null!;

    public string Dispatcher => Deploy.Dispatcher == Deploy.NoDispatcherGiven ? Akka.Dispatch.Dispatchers.DefaultDispatcherId : Deploy.Dispatcher;

    public string Mailbox => Deploy.Mailbox;

    /// <summary>From an expression <c>() => new TActor(arguments)</c>; the arguments are taken once, here.</summary>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is not NewExpression construction)
            throw new ArgumentException("The create function must be a 'new T (args)' expression");
        var arguments = construction.Arguments.Select(ArgumentReader.Read).ToArray();
        return new Props(new ActorProducer.OfConstructor(construction.Constructor!, arguments!), Deploy.Local, typeof(TActor), arguments!)
        {
            SupervisorStrategy = supervisorStrategy!,
        };
    }

    public static Props Create<TActor>(params object[] args)
        where TActor : ActorBase => new(Deploy.Local, typeof(TActor), args);

    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() => new(typeof(TActor), supervisorStrategy);

    public static Props Create(Type type, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        return new Props(Deploy.Local, type, args);
    }

    public static Props CreateBy(IIndirectActorProducer producer, params object[] args) =>
        new(new ActorProducer.Indirect(producer), Deploy.Local, producer.ActorType, args);

    public static Props CreateBy<TProducer>(params object[] args)
        where TProducer : class, IIndirectActorProducer =>
        CreateBy((IIndirectActorProducer)Activator.CreateInstance(typeof(TProducer), args)!, args);

    public Props WithMailbox(string mailbox) => With(copy => copy.Deploy = Deploy.WithMailbox(mailbox));

    public Props WithDispatcher(string dispatcher) => With(copy => copy.Deploy = Deploy.WithDispatcher(dispatcher));

    public Props WithStashCapacity(int stashCapacity) => With(copy => copy.Deploy = Deploy.WithStashCapacity(stashCapacity));

    public Props WithDeploy(Deploy deploy) => With(copy => copy.Deploy = deploy.WithFallback(Deploy));

    public Props WithSupervisorStrategy(SupervisorStrategy? supervisorStrategy) => With(copy => copy.SupervisorStrategy = supervisorStrategy!);

    public virtual ActorBase NewActor() => _producer.Produce();

    public bool Equals(Props? other) =>
        other is not null && Type == other.Type && Equals(Deploy, other.Deploy)
        && ReferenceEquals(SupervisorStrategy, other.SupervisorStrategy) && Arguments.SequenceEqual(other.Arguments);

    public override bool Equals(object? obj) => Equals(obj as Props);

    public override int GetHashCode() => HashCode.Combine(Type, Deploy.Dispatcher, Deploy.Mailbox, Arguments.Length);

    public ISurrogate ToSurrogate(ActorSystem system) =>
        throw new NotSupportedException($"Props of {Type} stay in their process: an actor is not deployed to another node");

    internal void Release(ActorBase actor) => _producer.Release(actor);

    protected virtual Props Copy() => new(this);

    private Props With(Action<Props> change)
    {
        var copy = Copy();
        change(copy);
        return copy;
    }

    private sealed class EmptyActor : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }
}
