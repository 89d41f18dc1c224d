using System.Buffers;

namespace Rung.Core.Checks.Json;

/// <summary>
/// Reads JSON as it arrives, cut anywhere: inside a string, a number, an escape or a character. Calls what a derived class makes of its
/// parts, and stops at the first byte after which no continuation is JSON. Allocates nothing once its buffer has grown. One text at a time.
/// </summary>
internal abstract partial class JsonScanner
{
    /// <summary>Greatest nesting of arrays and objects.</summary>
    public const int MaxDepth = JsonParser.MaxDepth;

    /// <summary>What runs through a string as it is: ASCII but for the quote, the backslash and control characters.</summary>
    private static readonly SearchValues<byte> Plain = SearchValues.Create([.. Enumerable.Range(0x20, 0x60).Select(b => (byte)b).Where(b => b is not ((byte)'"' or (byte)'\\'))]);

    private enum Expect : byte { Value, FirstItem, FirstName, Name, Colon, After }

    private enum Open : byte { Nothing, String, Name, Number, Literal }

    private Expect expect;
    private Open open;               // The token that the last piece of text ended in.
    private ulong objects;           // One bit a level: whether it is an object.
    private long before;             // Bytes of the pieces before this one.
    private long tokenStart;         // Where the text of the open token begins.
    private byte[] carry = new byte[256];
    private int carried;             // Of the open token, from earlier pieces.
    private bool escaped;

    /// <summary>Levels that are open, 0 to <see cref="MaxDepth"/>.</summary>
    protected int Depth { get; private set; }

    /// <summary>The byte that is being read, counted from the beginning of the text.</summary>
    protected long Position { get; private set; }

    /// <summary>Greatest length of the text in bytes.</summary>
    protected long LongestText { get; set; } = long.MaxValue;

    /// <summary>Bytes before the one that made every continuation fail; null while there is hope.</summary>
    public long? DoomedAt { get; private set; }

    /// <summary>For a doomed text, what is wrong with it: words behind the subject of a sentence.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether a first part that can be judged by itself is whole: a member's or an item's value of the outermost container, or the value itself.</summary>
    public bool HasFirstPart { get; private set; }

    /// <summary>Where a piece of text begins that was kept for <see cref="KeepFrom"/>; negative when nothing is kept.</summary>
    private long keptFrom = -1;
    private byte[] kept = [];
    private int keptLength;
    private int keptUpTo;            // Within the current piece.

    /// <summary>Takes the next piece of the text.</summary>
    /// <returns>False once no continuation is JSON (or what the derived class wants).</returns>
    public bool Append(ReadOnlySpan<byte> text)
    {
        if (DoomedAt is not null) return false;
        var room = LongestText - before;
        if (text.Length <= room) Read(text);
        else
        {
            Read(text[..(int)room]);
            if (DoomedAt is null) Doom(LongestText, $"is larger than {LongestText} bytes, the limit for JSON that is checked");
        }
        return DoomedAt is null;
    }

    /// <summary>Says that the text has ended.</summary>
    /// <returns>Whether it was one JSON value (and what the derived class wants).</returns>
    public bool Complete()
    {
        if (DoomedAt is not null) return false;
        Position = before;
        if (open == Open.Number && IsWholeNumber)
        {
            open = Open.Nothing;
            EndNumber(carry.AsSpan(0, carried));
        }
        return DoomedAt is null && open == Open.Nothing && expect == Expect.After && Depth == 0;
    }

    /// <summary>Makes the scanner as new.</summary>
    protected virtual void Reset()
    {
        (expect, open, objects, before, carried, escaped) = (Expect.Value, Open.Nothing, 0, 0, 0, false);
        (Depth, Position, DoomedAt, Fault, HasFirstPart, keptFrom, keptLength) = (0, 0, null, null, false, -1, 0);
        (escape, continuation) = (0, 0);
        if (carry.Length > MostKept) carry = new byte[256];
        if (kept.Length > MostKept) kept = [];
    }

    /// <summary>Ends the reading: nothing that may follow can save the text.</summary>
    protected void Doom(long at, string? fault)
    {
        if (DoomedAt is not null) return;
        DoomedAt = at;
        Fault = fault;
    }

    /// <summary>Gives the words for a text that is doomed already.</summary>
    protected void Explain(string fault) => Fault ??= fault;

    /// <summary>The first byte of a value has been read. For numbers the kind is <see cref="JsonKind.Number"/> whatever follows.</summary>
    protected abstract void BeginValue(JsonKind kind);

    /// <summary>A string, a number or a literal is whole.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="raw">Its text; of a string, what is between the quotes.</param>
    /// <param name="hasEscapes">Whether the text of a string holds escapes.</param>
    /// <param name="start">Where <paramref name="raw"/> begins in the text.</param>
    protected abstract void EndScalar(JsonKind kind, ReadOnlySpan<byte> raw, bool hasEscapes, long start);

    /// <summary>An object or an array is whole.</summary>
    protected abstract void EndContainer(JsonKind kind);

    /// <summary>The name of a member is whole.</summary>
    protected abstract void Name(ReadOnlySpan<byte> raw, bool hasEscapes, long start);

    /// <summary>A piece of text ended inside a string (or a name): this much of it is known.</summary>
    protected abstract void Partial(ReadOnlySpan<byte> raw, bool isName, long start);

    private void Read(ReadOnlySpan<byte> text)
    {
        keptUpTo = 0;
        var at = open == Open.Nothing ? 0 : Resume(text);
        while (at < text.Length && DoomedAt is null)
        {
            var next = text[at];
            if (next <= ' ' && next is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
            {
                at++;
                continue;
            }
            Position = before + at;
            at = Token(text, at, next);
        }
        if (keptFrom >= 0) Keep(text, text.Length);
        before += text.Length;
    }

    private int Token(ReadOnlySpan<byte> text, int at, byte next)
    {
        switch (expect)
        {
            case Expect.After when next == ',' && Depth > 0:
                expect = InObject ? Expect.Name : Expect.Value;
                return at + 1;
            case Expect.After when next == '}' && Depth > 0 && InObject:
            case Expect.FirstName when next == '}':
                return Close(text, at, JsonKind.Object);
            case Expect.After when next == ']' && Depth > 0 && !InObject:
            case Expect.FirstItem when next == ']':
                return Close(text, at, JsonKind.Array);
            case Expect.FirstName when next == '"':
            case Expect.Name when next == '"':
                return BeginString(text, at + 1, Open.Name);
            case Expect.Colon when next == ':':
                expect = Expect.Value;
                return at + 1;
            case Expect.Value or Expect.FirstItem:
                return Value(text, at, next);
            default:
                return Unexpected(text, at);
        }
    }

    private bool InObject => (objects & (1UL << (Depth - 1))) != 0;

    private int Value(ReadOnlySpan<byte> text, int at, byte next)
    {
        switch (next)
        {
            case (byte)'"':
                BeginValue(JsonKind.String);
                return BeginString(text, at + 1, Open.String);
            case (byte)'{': return OpenContainer(text, at, JsonKind.Object);
            case (byte)'[': return OpenContainer(text, at, JsonKind.Array);
            case (byte)'t': return BeginLiteral(text, at, JsonKind.True);
            case (byte)'f': return BeginLiteral(text, at, JsonKind.False);
            case (byte)'n': return BeginLiteral(text, at, JsonKind.Null);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'): return BeginNumber(text, at);
            default: return Unexpected(text, at);
        }
    }

    private int OpenContainer(ReadOnlySpan<byte> text, int at, JsonKind kind)
    {
        if (Depth == MaxDepth)
        {
            Doom(Position, $"is nested deeper than {MaxDepth} levels");
            return at;
        }
        BeginValue(kind);
        var bit = 1UL << Depth++;
        objects = kind == JsonKind.Object ? objects | bit : objects & ~bit;
        expect = kind == JsonKind.Object ? Expect.FirstName : Expect.FirstItem;
        return at + 1;
    }

    private int Close(ReadOnlySpan<byte> text, int at, JsonKind kind)
    {
        if (keptFrom >= 0) Keep(text, at + 1);
        Depth--;
        expect = Expect.After;
        EndContainer(kind);
        EndPart();
        return at + 1;
    }

    /// <summary>A value has ended, and is as it should be so far.</summary>
    private void EndPart()
    {
        if (Depth <= 1 && DoomedAt is null) HasFirstPart = true;
    }

    /// <summary>Goes on with the token that the last piece ended in.</summary>
    private int Resume(ReadOnlySpan<byte> text) => open switch
    {
        Open.Number => Number(text, 0),
        Open.Literal => Literal(text, 0),
        _ => String(text, 0, 0),
    };

    /// <summary>The text of the open token: what was carried over and what this piece adds.</summary>
    private ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> added)
    {
        if (carried == 0) return added;
        Carry(added);
        return carry.AsSpan(0, carried);
    }

    private void Carry(ReadOnlySpan<byte> text)
    {
        if (carried + text.Length > carry.Length) Array.Resize(ref carry, Math.Max(carry.Length * 2, carried + text.Length));
        text.CopyTo(carry.AsSpan(carried));
        carried += text.Length;
    }

    private int Unexpected(ReadOnlySpan<byte> text, int at)
    {
        var near = Excerpt.Of(text[at..]);
        var isBeginning = expect == Expect.Value && Depth == 0;
        Doom(before + at, (isBeginning, text[at], expect) switch
        {
            (true, (byte)'`' or (byte)'~', _) => "is wrapped in a code fence; write the JSON alone",
            (true, 0xEF, _) => "begins with a byte order mark; write the JSON alone",
            (true, _, _) => $"is not JSON; it begins with {near}",
            (_, _, Expect.After) when Depth == 0 => $"goes on after its JSON value: {near}",
            _ => $"is not JSON: fault at byte {before + at + 1}, near {near}",
        });
        return text.Length;
    }
}
