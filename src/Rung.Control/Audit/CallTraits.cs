using System.Collections.Immutable;

namespace Rung.Control.Audit;

/// <summary>What an answer looked like.</summary>
public enum OutputShape : byte
{
    /// <summary>The log does not have it.</summary>
    Unknown = 0,
    /// <summary>Nothing.</summary>
    Empty = 1,
    /// <summary>One word or a few: a label, a number, a yes or no.</summary>
    Label = 2,
    /// <summary>JSON.</summary>
    Json = 3,
    /// <summary>Tool calls and no text.</summary>
    ToolCalls = 4,
    /// <summary>Mostly code.</summary>
    Code = 5,
    /// <summary>Free text.</summary>
    Text = 6,
}

/// <summary>Signs of data that a compliance rule may cover. Signs, not proofs: they say where a person should look.</summary>
[Flags]
public enum DataSigns : ushort
{
    /// <summary>None seen, or nothing to see.</summary>
    None = 0,
    /// <summary>E-mail addresses.</summary>
    Email = 1,
    /// <summary>Telephone numbers.</summary>
    Phone = 2,
    /// <summary>Card numbers with a valid check digit.</summary>
    Card = 4,
    /// <summary>Bank account numbers (IBAN) with a valid check sum.</summary>
    BankAccount = 8,
    /// <summary>National identity or social security numbers.</summary>
    NationalId = 16,
    /// <summary>Words of medical records.</summary>
    Health = 32,
    /// <summary>Keys or passwords.</summary>
    Secret = 64,
    /// <summary>Words of legal files, or marks of confidentiality.</summary>
    Legal = 128,
}

/// <summary>What a call's content tells of the job, without the content: hashes, lengths and kinds. Safe to keep.</summary>
public sealed record CallTraits
{
    /// <summary>
    /// Hashes of the pieces (sentences, lines) of the prompt that could be a template, variable parts masked, in their order, at most 64: first those of the
    /// system prompt, then those of the first message. Empty when there is no content.
    /// </summary>
    public ImmutableArray<ulong> Template { get; init; } = [];
    /// <summary>How many of <see cref="Template"/> come from the system prompt.</summary>
    public int SystemPieces { get; init; }
    /// <summary>Hash of the set of tools, whatever their order; 0 when none or not told.</summary>
    public ulong ToolSet { get; init; }
    /// <summary>Hash of the schema that was asked for; 0 when none or not told.</summary>
    public ulong Schema { get; init; }
    /// <summary>Characters of the system prompt; -1 when not in the log.</summary>
    public int SystemChars { get; init; } = -1;
    /// <summary>Characters of all other messages; -1 when not in the log.</summary>
    public int MessageChars { get; init; } = -1;
    /// <summary>Number of messages without the system prompt; -1 when not in the log.</summary>
    public int Messages { get; init; } = -1;
    /// <summary>What the answer looked like.</summary>
    public OutputShape Output { get; init; }
    /// <summary>Of a label the hash of its text, of JSON the hash of its keys, of tool calls the hash of their names; else 0.</summary>
    public ulong OutputKey { get; init; }
    /// <summary>Characters of the answer's text; -1 when not in the log.</summary>
    public int OutputChars { get; init; } = -1;
    /// <summary>Hash of all messages, to tell a call that is made again; 0 when not in the log.</summary>
    public ulong Prompt { get; init; }
    /// <summary>Signs of sensitive data in prompt or answer.</summary>
    public DataSigns Data { get; init; }
    /// <summary>The first 80 characters of the prompt; null unless content may be shown.</summary>
    public string? Opening { get; init; }
}
