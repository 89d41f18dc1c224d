using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Rung.Control.Imports;

namespace Rung.Control.Audit.Running;

/// <summary>
/// Hands calls from the thread that reads logs to one that groups them, in their order, so that two cores work. Bounded by calls and by content: who reads
/// too fast waits.
/// </summary>
internal sealed class CallQueue : IDisposable
{
    private const int CallsOfBatch = 128;
    private const int CharsOfBatch = 1 << 18; // Prompts can be long; so few of them are under way at once.
    private const int MostBatches = 8;

    private readonly BlockingCollection<List<ImportedCall>> _batches = new(MostBatches);
    private readonly CancellationTokenSource _broken = new();
    private readonly Thread _thread;
    private List<ImportedCall> _batch = new(CallsOfBatch);
    private int _chars;
    private volatile ExceptionDispatchInfo? _fault; // Written by the thread that takes.

    /// <summary>Starts the thread.</summary>
    /// <param name="take">Gets every call, on that thread.</param>
    public CallQueue(Action<ImportedCall> take)
    {
        _thread = new Thread(() => Run(take)) { IsBackground = true, Name = "audit sites" };
        _thread.Start();
    }

    /// <summary>Hands over a call; waits while too many are under way.</summary>
    /// <remarks>An exception of the other thread comes out here, or from <see cref="Complete"/>.</remarks>
    public void Add(ImportedCall call)
    {
        _batch.Add(call);
        _chars += Chars(call.Content);
        if (_batch.Count >= CallsOfBatch || _chars >= CharsOfBatch) Flush();
    }

    /// <summary>No more calls will come: returns when all are taken.</summary>
    public void Complete()
    {
        Flush();
        _batches.CompleteAdding();
        _thread.Join();
        _fault?.Throw();
    }

    /// <summary>Stops the thread, also in the middle.</summary>
    public void Dispose()
    {
        if (!_batches.IsAddingCompleted)
        {
            _broken.Cancel();
            _batches.CompleteAdding();
        }
        _thread.Join();
        _batches.Dispose();
        _broken.Dispose();
    }

    private void Flush()
    {
        _fault?.Throw();
        if (_batch.Count == 0) return;
        try
        {
            _batches.Add(_batch, _broken.Token);
        }
        catch (OperationCanceledException) when (_fault is not null)
        {
            _fault.Throw();
        }
        _batch = new List<ImportedCall>(CallsOfBatch);
        _chars = 0;
    }

    private void Run(Action<ImportedCall> take)
    {
        try
        {
            foreach (var batch in _batches.GetConsumingEnumerable(_broken.Token))
            {
                foreach (var call in batch) take(call);
            }
        }
        catch (OperationCanceledException) when (_broken.IsCancellationRequested)
        {
            // The reader gave up; nothing is left to do.
        }
        catch (Exception e)
        {
            _fault = ExceptionDispatchInfo.Capture(e);
            _broken.Cancel();
        }
    }

    private static int Chars(CallContent? content)
    {
        if (content is null) return 0;
        var chars = (content.System?.Length ?? 0) + (content.Answer?.Length ?? 0);
        foreach (var (_, text) in content.Messages) chars += text.Length;
        return chars;
    }
}
