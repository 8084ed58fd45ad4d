using Akka.Event;

namespace Dynamo.Actors.Shared;

/// <summary>Failures of background work, which is tried again until it succeeds. Each cause is logged once, and again after the work has succeeded.</summary>
internal sealed class BackgroundFailures(ILoggingAdapter log)
{
    // Causes may carry numbers that change each time.
    private const int MaxTold = 100;
    private readonly HashSet<(string Work, string Cause)> _told = [];

    /// <param name="work">The work, in words that begin a sentence.</param>
    /// <param name="cause">Null: it succeeded.</param>
    /// <returns>True if it succeeded.</returns>
    public bool Note(string work, string? cause)
    {
        if (cause is null) _told.RemoveWhere(t => t.Work == work);
        else if (_told.Count < MaxTold && _told.Add((work, cause))) log.Warning("{0} failed: {1}. It is tried again; this is logged once", work, cause);
        return cause is null;
    }

    /// <inheritdoc cref="Note(string, string?)"/>
    public bool Note(string work, Exception failure) => Note(work, failure.GetBaseException().Message.ReplaceLineEndings(" "));
}
