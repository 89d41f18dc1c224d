namespace Rung.Control.Imports.Reading;

/// <summary>A window on a stream that grows to hold one record.</summary>
internal sealed class RecordBuffer(Stream stream)
{
    /// <summary>Longest record, in bytes: a longer one is a broken file, or no log.</summary>
    public const int MaxRecordBytes = 64 * 1024 * 1024;

    private byte[] _bytes = new byte[256 * 1024];
    private int _start;
    private int _end;

    /// <summary>Whether the stream has given all that it has.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>What has been read and not been skipped.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_start, _end - _start);

    /// <summary>A part of it, which stays valid until the next fill.</summary>
    public ReadOnlyMemory<byte> Take(int offset, int length) => _bytes.AsMemory(_start + offset, length);

    /// <summary>Leaves bytes behind.</summary>
    public void Skip(int count) => _start += count;

    /// <summary>Reads until at least so many bytes are unread, or the stream ends.</summary>
    /// <returns>Whether there are so many.</returns>
    public bool Fill(int atLeast)
    {
        while (_end - _start < atLeast && More())
        {
        }
        return _end - _start >= atLeast;
    }

    /// <summary>Reads some more.</summary>
    /// <returns>False at the end of the stream.</returns>
    public bool More()
    {
        if (IsAtEnd) return false;
        if (_end == _bytes.Length) MakeRoom();
        var read = stream.Read(_bytes.AsSpan(_end));
        _end += read;
        IsAtEnd = read == 0;
        return read > 0;
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        if (_start >= _bytes.Length / 2)
        {
            _bytes.AsSpan(_start, length).CopyTo(_bytes);
        }
        else
        {
            var larger = new byte[_bytes.Length * 2];
            _bytes.AsSpan(_start, length).CopyTo(larger);
            _bytes = larger;
        }
        _start = 0;
        _end = length;
    }
}
