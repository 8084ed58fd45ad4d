using Akka.Util;

namespace Akka.Actor;

/// <summary>The actors, any number of them, that a path leads to at the time a message is sent along it.</summary>
public class ActorSelection : ICanTell
{
    public ActorSelection()
    {
        Anchor = ActorRefs.Nobody;
        Path = [];
    }

    public ActorSelection(IActorRef anchor, SelectionPathElement[] path)
    {
        Anchor = anchor;
        Path = path;
    }

    public ActorSelection(IActorRef anchor, string path)
        : this(anchor, path.Length == 0 ? [] : path.Split('/'))
    {
    }

    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
    {
        Anchor = anchor;
        Path = [.. elements.Where(element => element.Length > 0).Select(ElementOf)];
    }

    public IActorRef Anchor { get; }

    public SelectionPathElement[] Path { get; }

    public string PathString => "/" + string.Join('/', Path.Select(element => element.ToString()));

    public void Tell(object message, IActorRef? sender = null)
    {
        sender ??= ActorCell.GetCurrentSelfOrNoSender();
        DeliverSelection((IInternalActorRef)Anchor, sender, new ActorSelectionMessage(message, Path));
    }

    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <exception cref="ActorNotFoundException">Nobody answered within the timeout, or nobody is there.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct) =>
        this.Ask<ActorIdentity>(new Identify(null), timeout, ct).ContinueWith(
            answer =>
            {
                if (answer.Exception?.InnerException is AskTimeoutException e)
                    throw new ActorNotFoundException($"Nobody answered at {this} within {timeout}", e);
                return answer.GetAwaiter().GetResult().Subject ?? throw new ActorNotFoundException("subject was null");
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

    public override string ToString()
    {
        var anchor = Anchor.Path.Uid == 0 ? $"Anchor({Anchor.Path})" : $"Anchor({Anchor.Path}#{Anchor.Path.Uid})";
        return $"ActorSelection[{anchor}, Path({PathString})]";
    }

    public override bool Equals(object? obj) => obj is ActorSelection other && Equals(other);

    public override int GetHashCode() => Path.Aggregate(Anchor.GetHashCode(), HashCode.Combine);

    protected bool Equals(ActorSelection other) => Equals(Anchor, other.Anchor) && Path.SequenceEqual(other.Path);

    internal static SelectionPathElement ElementOf(string element) => element switch
    {
        ".." => SelectParent.Instance,
        "**" => SelectChildRecursive.Instance,
        _ when element.AsSpan().ContainsAny('*', '?') => new SelectChildPattern(element),
        _ => new SelectChildName(element),
    };

    internal static void DeliverSelection(IInternalActorRef anchor, IActorRef sender, ActorSelectionMessage selection)
    {
        var elements = selection.Elements;
        var current = anchor;
        for (var i = 0; i < elements.Length; i++)
        {
            if (current is not ActorRefWithCell withCell)
            {
                // Not ours to walk on: an actor of another node does it itself, and a container knows its names.
                DeliverBeyond(current, sender, selection, i);
                return;
            }

            var rest = i + 1;
            switch (elements[i])
            {
                case SelectParent:
                    current = withCell.Parent;
                    break;
                case SelectChildName name:
                    var child = withCell.GetSingleChild(name.Name);
                    if (child.IsNobody())
                    {
                        if (!selection.WildCardFanOut)
                            EmptyPlace(anchor, selection).Tell(selection, sender);
                        return;
                    }

                    current = child;
                    break;
                case SelectChildPattern pattern:
                    DeliverToMatching(anchor, withCell, sender, selection, pattern, rest);
                    return;
                case SelectChildRecursive:
                    DeliverToAll(withCell, sender, selection);
                    return;
            }
        }

        current.Tell(selection.Message, sender);
    }

    private static void DeliverBeyond(IInternalActorRef current, IActorRef sender, ActorSelectionMessage selection, int from)
    {
        if (current is VirtualPathContainer container && selection.Elements.Skip(from).All(element => element is SelectChildName))
        {
            var found = container.GetChild([.. selection.Elements.Skip(from).Select(element => ((SelectChildName)element).Name)]);
            if (!found.IsNobody())
                found.Tell(selection.Message, sender);
            else if (!selection.WildCardFanOut)
                EmptyPlace(container, selection.Copy(elements: selection.Elements[from..])).Tell(selection, sender);
            return;
        }

        current.Tell(selection.Copy(elements: selection.Elements[from..]), sender);
    }

    private static void DeliverToMatching(
        IInternalActorRef anchor, ActorRefWithCell parent, IActorRef sender, ActorSelectionMessage selection, SelectChildPattern pattern, int rest)
    {
        var matching = parent.Children.Where(child => child.Path.Name.Like(pattern.PatternStr, caseSensitive: true)).ToList();
        if (matching.Count == 0 && !selection.WildCardFanOut)
            EmptyPlace(anchor, selection).Tell(selection, sender);
        var remaining = selection.Elements[rest..];
        foreach (var child in matching)
        {
            if (remaining.Length == 0)
                child.Tell(selection.Message, sender);
            else
                DeliverSelection((IInternalActorRef)child, sender, selection.Copy(elements: remaining, wildCardFanOut: selection.WildCardFanOut || matching.Count > 1));
        }
    }

    private static void DeliverToAll(ActorRefWithCell parent, IActorRef sender, ActorSelectionMessage selection)
    {
        foreach (var child in parent.Children)
        {
            child.Tell(selection.Message, sender);
            if (child is ActorRefWithCell withCell)
                DeliverToAll(withCell, sender, selection);
        }
    }

    private static EmptyLocalActorRef EmptyPlace(IInternalActorRef anchor, ActorSelectionMessage selection)
    {
        var path = anchor.Path;
        foreach (var element in selection.Elements)
            path = element is SelectParent ? path.Parent ?? path : new ChildActorPath(path, element.ToString()!, ActorCell.UndefinedUid);
        return new EmptyLocalActorRef(anchor.Provider, path, anchor.Provider.Settings.System.EventStream);
    }
}
