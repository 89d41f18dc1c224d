using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;

namespace Rung.Control.Imports.Otlp;

/// <summary>The fields of one message, one after the other. A message within it is a part of the same array: nothing is copied.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A stream over an array holds nothing that needs to be let go.")]
internal struct ProtobufFields(ArraySegment<byte> message)
{
    private readonly byte[] _bytes = message.Array!;
    private readonly CodedInputStream _input = new(message.Array!, message.Offset, message.Count);
    private uint _tag;

    /// <summary>Number of the current field.</summary>
    public int Number => (int)(_tag >> 3);

    /// <summary>Goes to the next field, whose value must then be read or skipped; false at the end.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are no message.</exception>
    public bool Next() => (_tag = _input.ReadTag()) != 0;

    public bool IsVarint(int number) => _tag == (uint)number << 3;

    public bool IsFixed64(int number) => _tag == ((uint)number << 3 | 1);

    /// <summary>Whether it is a message, a text or bytes.</summary>
    public bool IsMessage(int number) => _tag == ((uint)number << 3 | 2);

    public void Skip() => _input.SkipLastField();

    public long Whole() => _input.ReadInt64();

    public ulong Fixed64() => _input.ReadFixed64();

    public double Real() => _input.ReadDouble();

    /// <summary>The bytes of a message, of a text or of bytes.</summary>
    public ArraySegment<byte> Message()
    {
        // The position in an array is an index into it. Skipping checks that the whole value is there.
        var at = (int)_input.Position;
        _input.SkipLastField();
        while (_bytes[at++] >= 0x80)
        {
        }
        return new ArraySegment<byte>(_bytes, at, (int)_input.Position - at);
    }
}
