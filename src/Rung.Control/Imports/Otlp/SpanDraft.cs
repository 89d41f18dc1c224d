using System.Buffers.Text;
using System.Globalization;

namespace Rung.Control.Imports.Otlp;

/// <summary>
/// One span (or event, or log record) while it is being read: its fields, and of its attributes those that mean something. The bytes of texts are kept in one
/// arena that is used again for the next span. One thread.
/// </summary>
internal sealed class SpanDraft
{
    private const int ArenaKept = 1024 * 1024;

    /// <summary>Parts of indexed messages that one span may have.</summary>
    private const int MostParts = 20_000;

    private readonly Value[] _values = new Value[(int)Slot.Count];
    private readonly List<IndexedPart> _parts = [];
    private byte[] _arena = new byte[64 * 1024];
    private int _used;

    public UInt128 TraceId { get; set; }
    public ulong SpanId { get; set; }
    public ulong ParentId { get; set; }
    /// <summary>Nanoseconds since 1970; 0 when not told.</summary>
    public long Start { get; set; }
    /// <summary>Nanoseconds since 1970; 0 when not told.</summary>
    public long End { get; set; }
    public int StatusCode { get; set; }
    /// <summary>Nanoseconds since 1970 of the first event that says that content came; 0 when there is none.</summary>
    public long FirstContent { get; set; }
    public List<ImportedVerdict> Verdicts { get; } = [];
    public IReadOnlyList<IndexedPart> Parts => _parts;
    public bool HasInputParts { get; private set; }
    public bool HasOutputParts { get; private set; }

    private (int Offset, int Length) _name;

    public ReadOnlySpan<byte> Name => _arena.AsSpan(_name.Offset, _name.Length);

    public void Begin()
    {
        if (_arena.Length > ArenaKept) _arena = new byte[64 * 1024];
        _used = 0;
        _name = default;
        Array.Clear(_values);
        _parts.Clear();
        (TraceId, SpanId, ParentId, Start, End, StatusCode, FirstContent) = (0, 0, 0, 0, 0, 0, 0);
        (HasInputParts, HasOutputParts) = (false, false);
        if (Verdicts.Count > 0) Verdicts.Clear();
    }

    /// <summary>Room for bytes that are to be kept; what was really written is told by <see cref="Kept"/>.</summary>
    public Span<byte> Room(int length)
    {
        if (_arena.Length - _used < length) Array.Resize(ref _arena, Math.Max(_arena.Length * 2, _used + length));
        return _arena.AsSpan(_used, length);
    }

    /// <summary>Keeps the first bytes of the room that was given last.</summary>
    public (int Offset, int Length) Kept(int length)
    {
        var at = (_used, length);
        _used += length;
        return at;
    }

    public (int Offset, int Length) Keep(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        return Kept(bytes.Length);
    }

    public void SetName((int Offset, int Length) name) => _name = name;

    public bool Wants(in AttributeTarget target) =>
        target.Slot == Slot.None ? target.Part != MessagePart.None && _parts.Count < MostParts : IsBetter(target);

    public void SetText(in AttributeTarget target, (int Offset, int Length) text)
    {
        if (target.Slot == Slot.None)
        {
            AddPart(new IndexedPart(target.Part, target.IsOutput, target.Index, target.SubIndex, text.Offset, text.Length));
            return;
        }
        // An empty text says nothing, and must not hide what a weaker name says.
        if (text.Length > 0 && IsBetter(target)) _values[(int)target.Slot] = new Value(ValueKind.Text, target.Rank, text.Offset, text.Length, 0);
    }

    public void SetJson(in AttributeTarget target, (int Offset, int Length) text)
    {
        if (target.Slot == Slot.None) SetText(target, text);
        else if (IsBetter(target)) _values[(int)target.Slot] = new Value(ValueKind.Json, target.Rank, text.Offset, text.Length, 0);
    }

    public void SetWhole(in AttributeTarget target, long number)
    {
        if (target.Slot != Slot.None && IsBetter(target)) _values[(int)target.Slot] = new Value(ValueKind.Whole, target.Rank, 0, 0, number);
    }

    public void SetReal(in AttributeTarget target, double number)
    {
        if (target.Slot != Slot.None && IsBetter(target)) _values[(int)target.Slot] = new Value(ValueKind.Real, target.Rank, 0, 0, BitConverter.DoubleToInt64Bits(number));
    }

    public void SetTruth(in AttributeTarget target, bool truth)
    {
        if (target.Slot != Slot.None && IsBetter(target)) _values[(int)target.Slot] = new Value(ValueKind.Truth, target.Rank, 0, 0, truth ? 1 : 0);
    }

    public void AddPart(IndexedPart part)
    {
        if (_parts.Count == MostParts) return;
        _parts.Add(part);
        if (part.IsOutput) HasOutputParts = true;
        else if (part.Part is MessagePart.Role or MessagePart.Text or MessagePart.Body) HasInputParts = true;
    }

    /// <summary>Takes the attributes of an event as the span's own, behind those that the span has itself.</summary>
    public void TakeFrom(SpanDraft other)
    {
        for (var slot = 1; slot < _values.Length; slot++)
        {
            var value = other._values[slot];
            if (value.Kind == ValueKind.Absent || _values[slot].Kind != ValueKind.Absent) continue;
            if (value.Kind is ValueKind.Text or ValueKind.Json) value = value with { Offset = Keep(other._arena.AsSpan(value.Offset, value.Length)).Offset };
            _values[slot] = value;
        }
    }

    public bool Has(Slot slot) => _values[(int)slot].Kind != ValueKind.Absent;

    public byte Rank(Slot slot) => _values[(int)slot].Rank;

    /// <summary>The text of a slot, or its JSON; empty when it has none.</summary>
    public ReadOnlySpan<byte> Bytes(Slot slot)
    {
        ref var value = ref _values[(int)slot];
        return value.Kind is ValueKind.Text or ValueKind.Json ? _arena.AsSpan(value.Offset, value.Length) : default;
    }

    public ReadOnlySpan<byte> Bytes(IndexedPart part) => _arena.AsSpan(part.Offset, part.Length);

    /// <summary>A whole number, also one that is written as text or as a fraction; null when there is none.</summary>
    public long? Whole(Slot slot)
    {
        ref var value = ref _values[(int)slot];
        return value.Kind switch
        {
            ValueKind.Whole => value.Number,
            ValueKind.Real => Rounded(BitConverter.Int64BitsToDouble(value.Number)),
            ValueKind.Text when Utf8Parser.TryParse(_arena.AsSpan(value.Offset, value.Length), out long whole, out var used) && used == value.Length => whole,
            ValueKind.Text when Real(slot) is { } real => Rounded(real),
            _ => null,
        };
    }

    /// <summary>A number, also one that is written as text; null when there is none, or when it is not finite.</summary>
    public double? Real(Slot slot)
    {
        ref var value = ref _values[(int)slot];
        var real = value.Kind switch
        {
            ValueKind.Whole => value.Number,
            ValueKind.Real => BitConverter.Int64BitsToDouble(value.Number),
            ValueKind.Text when double.TryParse(_arena.AsSpan(value.Offset, value.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) => parsed,
            _ => double.NaN,
        };
        return double.IsFinite(real) ? real : null;
    }

    /// <summary>Whether the slot says yes.</summary>
    public bool IsTrue(Slot slot)
    {
        ref var value = ref _values[(int)slot];
        return value.Kind is ValueKind.Truth or ValueKind.Whole ? value.Number != 0 : Bytes(slot) is var text && (text.SequenceEqual("true"u8) || text.SequenceEqual("True"u8) || text.SequenceEqual("1"u8));
    }

    /// <summary>A name; a number becomes its digits. Null when there is none.</summary>
    public string? Text(Slot slot, Utf8Names names)
    {
        ref var value = ref _values[(int)slot];
        return value.Kind switch
        {
            ValueKind.Text => names.Name(_arena.AsSpan(value.Offset, value.Length)),
            ValueKind.Whole => value.Number.ToString(CultureInfo.InvariantCulture),
            ValueKind.Real => BitConverter.Int64BitsToDouble(value.Number).ToString(CultureInfo.InvariantCulture),
            _ => null,
        };
    }

    private static long? Rounded(double real) => double.IsFinite(real) && Math.Abs(real) < 1e15 ? (long)Math.Round(real) : null;

    private bool IsBetter(in AttributeTarget target)
    {
        ref var value = ref _values[(int)target.Slot];
        return value.Kind == ValueKind.Absent || target.Rank < value.Rank;
    }

    private enum ValueKind : byte
    {
        Absent,
        Text,
        Json,
        Whole,
        Real,
        Truth,
    }

    private readonly record struct Value(ValueKind Kind, byte Rank, int Offset, int Length, long Number);
}

/// <summary>A piece of a message that an indexed attribute or an event holds.</summary>
internal readonly record struct IndexedPart(MessagePart Part, bool IsOutput, int Index, int SubIndex, int Offset, int Length);
