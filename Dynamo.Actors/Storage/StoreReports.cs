using Akka.Actor;

namespace Dynamo.Actors.Storage;

/// <summary>A write that was refused, or the first one that was stored after that, for the node's <see cref="StoreFailures"/>.</summary>
internal sealed record StoreReport(StoreDone Done);

/// <summary>A write was refused: report the next one that is stored.</summary>
internal sealed record ReportNextStored
{
    public static readonly ReportNextStored Instance = new();
}

/// <summary>The reports of one actor that writes. While all writes are stored, it sends none.</summary>
internal sealed class StoreReports(IActorRef node)
{
    private bool _isAsked;

    public void Ask() => _isAsked = true;

    public void Note(StoreDone done)
    {
        if (done.Failure is null && !_isAsked) return;
        if (done.Failure is null) _isAsked = false;
        node.Tell(new StoreReport(done), ActorRefs.NoSender);
    }
}
