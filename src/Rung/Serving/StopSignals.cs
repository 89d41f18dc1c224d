using System.Runtime.InteropServices;

namespace Rung.Serving;

/// <summary>What SIGINT (Ctrl-C) and SIGTERM ask of a server: the first to stop, the second not to wait for the calls that still run.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource stop = new(), hurry = new();
    private readonly PosixSignalRegistration[] registrations;
    private readonly Action first;
    private int signals;

    /// <summary>Listens from now on.</summary>
    /// <param name="first">Runs at the first signal, before anything is stopped.</param>
    /// <param name="outside">Stops the server, too.</param>
    public StopSignals(Action first, CancellationToken outside)
    {
        this.first = first;
        outside.Register(stop.Cancel);
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Signalled), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Signalled)];
    }

    /// <summary>Cancelled when the server is to stop.</summary>
    public CancellationToken Stop => stop.Token;

    /// <summary>Cancelled when it is to wait no longer.</summary>
    public CancellationToken Hurry => hurry.Token;

    public void Dispose()
    {
        foreach (var registration in registrations) registration.Dispose();
        stop.Dispose();
        hurry.Dispose();
    }

    private void Signalled(PosixSignalContext signal)
    {
        signal.Cancel = true; // The process ends by itself when everything is written.
        if (Interlocked.Increment(ref signals) > 1)
        {
            hurry.Cancel();
            return;
        }
        first();
        stop.Cancel();
    }
}
