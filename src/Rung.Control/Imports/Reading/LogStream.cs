using System.IO.Compression;
using System.Text;

namespace Rung.Control.Imports.Reading;

/// <summary>A log's bytes: opened, unpacked when they are gzipped, in UTF-8 whatever they were in, read ahead on another thread.</summary>
internal sealed class LogStream : IDisposable
{
    private readonly CountedStream _stored;
    private readonly Stream _bytes;

    private LogStream(CountedStream stored, Stream bytes)
    {
        _stored = stored;
        _bytes = bytes;
    }

    /// <summary>Bytes read so far, as stored.</summary>
    public long BytesRead => _stored.Count;

    /// <summary>Opens a file, or standard input for <c>-</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="standardInput">What <c>-</c> reads; null when there is none.</param>
    /// <param name="mostUnpacked">Most bytes that it may have when unpacked; null: any number. Reading beyond them throws <see cref="InvalidDataException"/>.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static LogStream Open(string path, Stream? standardInput, long? mostUnpacked = null)
    {
        var stored = new CountedStream(path == "-"
            ? standardInput ?? throw new IOException("There is no standard input.")
            : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan));
        var start = new StartedStream(stored, 4);
        Stream bytes = start.Start is [0x1F, 0x8B, ..] ? new GZipStream(start, CompressionMode.Decompress) : start;
        if (start.Start is [0xFF, 0xFE, ..]) bytes = Encoding.CreateTranscodingStream(bytes, Encoding.Unicode, Encoding.UTF8);
        else if (start.Start is [0xFE, 0xFF, ..]) bytes = Encoding.CreateTranscodingStream(bytes, Encoding.BigEndianUnicode, Encoding.UTF8);
        if (mostUnpacked is { } most) bytes = new BoundedStream(bytes, most);
        return new LogStream(stored, new ReadAheadStream(bytes));
    }

    /// <summary>The records of it.</summary>
    public RecordSource ToRecords()
    {
        var buffer = new RecordBuffer(_bytes);
        buffer.Fill(64 * 1024);
        var start = buffer.Unread;
        if (start.StartsWith("\uFEFF"u8)) buffer.Skip(3);
        return ShapeOf(buffer.Unread) switch
        {
            LogShape.Json => new JsonRecords(buffer),
            LogShape.Csv => new CsvRecords(buffer),
            _ => new ProtobufRecords(buffer),
        };
    }

    public void Dispose() => _bytes.Dispose();

    private static LogShape ShapeOf(ReadOnlySpan<byte> start)
    {
        var head = start[..Math.Min(start.Length, 4096)];
        // The ids of a span are 24 bytes of anything: without a control character among them is next to impossible.
        if (head.ContainsAnyInRange((byte)0, (byte)8) || head.ContainsAnyInRange((byte)14, (byte)26)) return LogShape.Binary;
        var text = head.TrimStart(" \t\r\n"u8);
        if (text.Length == 0 || text[0] is (byte)'{' or (byte)'[') return LogShape.Json;
        // A first line that is cut, or is something else than the log, does not make a table of JSON lines.
        var second = text[(text.IndexOf((byte)'\n') + 1)..];
        return second.Length < text.Length && second.StartsWith("{\""u8) ? LogShape.Json : LogShape.Csv;
    }

    /// <summary>Counts what is read of a stream.</summary>
    private sealed class CountedStream(Stream inner) : ReadOnlyStream
    {
        private long _count; // Written by the thread that reads ahead.

        public long Count => Interlocked.Read(ref _count);

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            Interlocked.Add(ref _count, read);
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>A stream that may give only so much: a packed file of a megabyte may hold a thousand.</summary>
    private sealed class BoundedStream(Stream inner, long most) : ReadOnlyStream
    {
        private long _given;

        public override int Read(Span<byte> buffer)
        {
            var read = inner.Read(buffer);
            _given += read;
            return _given <= most ? read : throw new InvalidDataException($"It unpacks to more than {most / 1_000_000:#,0} MB, which is the most that is read of one file here.");
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>A stream whose first bytes have been looked at.</summary>
    private sealed class StartedStream : ReadOnlyStream
    {
        private readonly Stream _inner;
        private int _given;

        public StartedStream(Stream inner, int length)
        {
            _inner = inner;
            var start = new byte[length];
            Start = start[..inner.ReadAtLeast(start, length, throwOnEndOfStream: false)];
        }

        public byte[] Start { get; }

        public override int Read(Span<byte> buffer)
        {
            if (_given == Start.Length) return _inner.Read(buffer);
            var count = Math.Min(buffer.Length, Start.Length - _given);
            Start.AsSpan(_given, count).CopyTo(buffer);
            _given += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) _inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
