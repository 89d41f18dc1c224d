namespace Rung.Core.Measurement;

/// <summary>Whole numbers as bytes, small ones in few: seven bits a byte, the lowest first, the sign in the lowest bit. Grows as it is written.</summary>
internal ref struct NumberWriter
{
    private byte[] _bytes;
    private int _length;

    /// <summary>Begins.</summary>
    /// <param name="room">Bytes that are expected.</param>
    public NumberWriter(int room) => _bytes = new byte[Math.Max(16, room)];

    /// <summary>Writes a number.</summary>
    public void Write(long value) => WriteBits((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes a number of 128 bits.</summary>
    public void Write(Int128 value)
    {
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            Write((long)value);
            return;
        }
        var bits = (UInt128)((value << 1) ^ (value >> 127));
        Need(19);
        while (bits >= 0x80)
        {
            _bytes[_length++] = (byte)((byte)bits | 0x80);
            bits >>= 7;
        }
        _bytes[_length++] = (byte)bits;
    }

    /// <summary>What was written.</summary>
    public readonly byte[] ToArray() => _bytes.AsSpan(0, _length).ToArray();

    private void WriteBits(ulong bits)
    {
        Need(10);
        while (bits >= 0x80)
        {
            _bytes[_length++] = (byte)((byte)bits | 0x80);
            bits >>= 7;
        }
        _bytes[_length++] = (byte)bits;
    }

    private void Need(int more)
    {
        if (_length + more > _bytes.Length) Array.Resize(ref _bytes, (2 * _bytes.Length) + more);
    }
}

/// <summary>Reads what <see cref="NumberWriter"/> wrote.</summary>
internal ref struct NumberReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether all was read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>The next number.</summary>
    /// <exception cref="FormatException">There is none: the bytes were cut short.</exception>
    public long Next()
    {
        // Nearly every number is small.
        if (_rest.Length > 0 && _rest[0] < 0x80)
        {
            var small = _rest[0];
            _rest = _rest[1..];
            return (small >> 1) ^ -(small & 1);
        }
        return (long)NextWide();
    }

    /// <summary>The next number, of up to 128 bits.</summary>
    /// <exception cref="FormatException">There is none: the bytes were cut short.</exception>
    public Int128 NextWide()
    {
        UInt128 bits = 0;
        for (var i = 0; i < _rest.Length; i++)
        {
            bits |= (UInt128)(_rest[i] & 0x7f) << (7 * i);
            if (_rest[i] >= 0x80) continue;
            _rest = _rest[(i + 1)..];
            return (Int128)(bits >> 1) ^ -(Int128)(bits & 1);
        }
        throw new FormatException("The sums are cut short: a number is missing.");
    }
}
