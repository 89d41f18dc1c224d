using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Rung.Control.Imports.Reading;

/// <summary>Reads another stream ahead on a thread of its own, at most four megabytes: unpacking and parsing then take turns on two cores.</summary>
internal sealed class ReadAheadStream : ReadOnlyStream
{
    private const int PieceBytes = 1 << 20;
    private const int Pieces = 4;

    private readonly Stream _inner;
    private readonly BlockingCollection<ArraySegment<byte>> _read = new(Pieces);
    private readonly BlockingCollection<byte[]> _free = new(Pieces + 2);
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _reader;
    private ExceptionDispatchInfo? _fault; // Written by the reader before it completes the collection.
    private ArraySegment<byte> _piece;
    private int _given;

    public ReadAheadStream(Stream inner)
    {
        _inner = inner;
        for (var i = 0; i < Pieces + 2; i++) _free.Add(new byte[PieceBytes]);
        _reader = new Thread(ReadAhead) { IsBackground = true, Name = "log reader" };
        _reader.Start();
    }

    public override int Read(Span<byte> buffer)
    {
        if (_given == _piece.Count)
        {
            if (_piece.Array is { } used) _free.Add(used);
            _piece = default;
            _given = 0;
            if (!_read.TryTake(out _piece, Timeout.Infinite))
            {
                _fault?.Throw();
                return 0;
            }
        }
        var count = Math.Min(buffer.Length, _piece.Count - _given);
        _piece.AsSpan(_given, count).CopyTo(buffer);
        _given += count;
        return count;
    }

    private void ReadAhead()
    {
        try
        {
            while (true)
            {
                var piece = _free.Take(_stop.Token);
                var count = _inner.ReadAtLeast(piece, PieceBytes, throwOnEndOfStream: false);
                if (count == 0) break;
                _read.Add(new ArraySegment<byte>(piece, 0, count), _stop.Token);
                if (count < PieceBytes) break;
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody reads any more.
        }
        catch (Exception e)
        {
            _fault = ExceptionDispatchInfo.Capture(e); // Thrown where the bytes would have been read.
        }
        finally
        {
            _read.CompleteAdding();
        }
    }

    protected override void Dispose(bool disposing)
    {
        _stop.Cancel();
        // Standard input may never end: its reader is left to the end of the process.
        if (_reader.Join(TimeSpan.FromSeconds(1)))
        {
            _inner.Dispose();
            _read.Dispose();
            _free.Dispose();
            _stop.Dispose();
        }
        base.Dispose(disposing);
    }
}
