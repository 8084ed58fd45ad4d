using Akka.Util;

namespace Akka.Actor.Setup;

/// <summary>A part of what a system is set up with in code.</summary>
public abstract class Setup
{
    public ActorSystemSetup And(Setup other) => ActorSystemSetup.Create(this, other);
}

/// <summary>The setups of a system, at most one of each type.</summary>
public sealed class ActorSystemSetup
{
    public static readonly ActorSystemSetup Empty = new([]);

    private readonly Dictionary<Type, Setup> _setups;

    private ActorSystemSetup(Dictionary<Type, Setup> setups) => _setups = setups;

    public static ActorSystemSetup Create(params Setup[] setups)
    {
        var byType = new Dictionary<Type, Setup>();
        foreach (var setup in setups)
            byType[setup.GetType()] = setup;
        return new ActorSystemSetup(byType);
    }

    public Option<T> Get<T>()
        where T : Setup => _setups.TryGetValue(typeof(T), out var setup) ? new Option<T>((T)setup) : Option<T>.None;

    /// <summary>Adds a setup, in place of any of its type.</summary>
    public ActorSystemSetup WithSetup<T>(T setup)
        where T : Setup => new(new Dictionary<Type, Setup>(_setups) { [typeof(T)] = setup });

    public ActorSystemSetup And<T>(T setup)
        where T : Setup => WithSetup(setup);

    public override string ToString() => $"ActorSystemSetup({string.Join(", ", _setups.Keys.Select(type => type.FullName))})";
}
