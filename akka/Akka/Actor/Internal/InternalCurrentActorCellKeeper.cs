namespace Akka.Actor.Internal;

/// <summary>The cell whose turn is being run by this thread.</summary>
public static class InternalCurrentActorCellKeeper
{
    [ThreadStatic]
    private static ActorCell? _current;

    public static ActorCell Current
    {
        get => _current!;
        set => _current = value;
    }
}

/// <summary>An actor that wants a call after its constructor has run.</summary>
public interface IInitializableActor
{
    void Init();
}
