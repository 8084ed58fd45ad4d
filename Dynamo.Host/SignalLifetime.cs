using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Dynamo.Host;

/// <summary>Ends the host on a signal. A host that is detached from its terminal obeys only SIGTERM.</summary>
internal sealed class SignalLifetime(IHostApplicationLifetime application, bool isDetached) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];

    // Registered before the node reports that it is up, since it may be told to stop from then on.
    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, isDetached ? Ignore : Stop));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, isDetached ? Ignore : Stop));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        foreach (var signal in _signals) signal.Dispose();
    }

    private static void Ignore(PosixSignalContext context) => context.Cancel = true;

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        application.StopApplication();
    }
}
