namespace Dynamo.Client.Typed;

/// <summary>Makes one value of concurrently written siblings (section 4.4 of the paper: the application reconciles).</summary>
/// <typeparam name="T">The type of the values.</typeparam>
public interface IConflictResolver<T>
{
    /// <summary>Called with at least two siblings, in no order. Its result should not depend on the order, or readers differ.</summary>
    T Resolve(IReadOnlyList<T> siblings);
}

/// <summary>The resolvers that most programs need.</summary>
public static class ConflictResolver
{
    /// <summary>The elements of all siblings together, as the paper's shopping cart does. A removal that is concurrent with another change is undone.</summary>
    /// <typeparam name="T">The type of the elements.</typeparam>
    public static IConflictResolver<IReadOnlySet<T>> Union<T>() => Of<IReadOnlySet<T>>(siblings => siblings.Aggregate(new HashSet<T>(), (all, one) =>
    {
        all.UnionWith(one);
        return all;
    }));

    /// <summary>The sibling that was written last, by a time or number in the value itself.</summary>
    /// <param name="when">Equal ones are told apart by no rule: make it unique, with the writer's name for example.</param>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <typeparam name="TWhen">The type of the time.</typeparam>
    public static IConflictResolver<T> LastWriter<T, TWhen>(Func<T, TWhen> when) => Of<T>(siblings => siblings.MaxBy(when)!);

    /// <summary>A function of the siblings.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    public static IConflictResolver<T> Of<T>(Func<IReadOnlyList<T>, T> resolve) => new Function<T>(resolve);

    /// <summary>Resolves nothing: a read of siblings fails with <see cref="DynamoConflictException"/>.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    public static IConflictResolver<T> Refuse<T>() => Of<T>(siblings => throw new DynamoConflictException(siblings.Count));

    private sealed class Function<T>(Func<IReadOnlyList<T>, T> resolve) : IConflictResolver<T>
    {
        public T Resolve(IReadOnlyList<T> siblings) => resolve(siblings);
    }
}
