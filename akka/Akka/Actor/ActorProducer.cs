using System.Collections.Concurrent;
using System.Reflection;

namespace Akka.Actor;

/// <summary>Makes instances of one actor, again at each restart.</summary>
internal abstract class ActorProducer
{
    private static readonly ConcurrentDictionary<ConstructorInfo, ConstructorInvoker> Invokers = new();

    public static ActorProducer For(Type type, object[] arguments)
    {
        if (typeof(IIndirectActorProducer).IsAssignableFrom(type))
            return new Indirect((IIndirectActorProducer)Activator.CreateInstance(type, arguments)!);
        var constructors = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance);
        var fitting = constructors.Where(constructor => Fits(constructor, arguments)).ToArray();
        return fitting.Length == 1 ? new OfConstructor(fitting[0], [.. arguments]) : new OfType(type, arguments);
    }

    public abstract ActorBase Produce();

    public virtual void Release(ActorBase actor)
    {
    }

    private static bool Fits(ConstructorInfo constructor, object[] arguments)
    {
        var parameters = constructor.GetParameters();
        if (parameters.Length != arguments.Length)
            return false;
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = parameters[i].ParameterType;
            var fits = arguments[i] is { } argument
                ? parameter.IsInstanceOfType(argument)
                : !parameter.IsValueType || Nullable.GetUnderlyingType(parameter) is not null;
            if (!fits)
                return false;
        }

        return true;
    }

    internal sealed class OfConstructor(ConstructorInfo constructor, object[] arguments) : ActorProducer
    {
        private readonly ConstructorInvoker _invoker = Invokers.GetOrAdd(constructor, ConstructorInvoker.Create);

        public override ActorBase Produce() => (ActorBase)_invoker.Invoke(arguments.AsSpan()!);
    }

    /// <summary>Leaves the choice among several constructors, optional parameters and conversions to the platform.</summary>
    internal sealed class OfType(Type type, object[] arguments) : ActorProducer
    {
        public override ActorBase Produce()
        {
            try
            {
                return (ActorBase)Activator.CreateInstance(
                    type,
                    BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.OptionalParamBinding
                        | BindingFlags.DoNotWrapExceptions,
                    null,
                    arguments,
                    null)!;
            }
            catch (MissingMethodException e)
            {
                var types = string.Join(", ", arguments.Select(argument => argument?.GetType().ToString() ?? "null"));
                throw new MissingMethodException($"No constructor of actor {type} takes the arguments ({types})", e);
            }
        }
    }

    internal sealed class Indirect(IIndirectActorProducer producer) : ActorProducer
    {
        public override ActorBase Produce() => producer.Produce();

        public override void Release(ActorBase actor) => producer.Release(actor);
    }
}
