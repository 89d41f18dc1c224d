using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Rung.Core.Spans;

namespace Rung.Storage.Imports;

/// <summary>
/// One call of another system, or one sum of calls, as the ledger keeps it: a row of columns, without content. What the codes mean is said by
/// the importing part; null means that the log does not say.
/// </summary>
public sealed class ImportedRecord
{
    /// <summary>Time-ordered id, the same for the same call however often it is imported: 32 hexadecimal digits in the form of a UUID version 7.</summary>
    public string Id
    {
        get => field ??= IdOf(StartedAt, Source, Key);
        internal init; // As it was stored: the key of a forgotten call is another by now.
    }

    /// <summary>Format of the log: <c>otlp</c>, <c>litellm</c>, …</summary>
    public required string Source { get; init; }
    /// <summary>Natural id within the source.</summary>
    public required string Key { get; init; }
    /// <summary>When it began, UTC; kept to the microsecond.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>1 a call, 2 a sum of calls.</summary>
    public required int Granularity { get; init; }
    /// <summary>How many requests the row stands for.</summary>
    public required long Requests { get; init; }
    /// <summary>The provider; empty when unknown.</summary>
    public required string Provider { get; init; }
    /// <summary>The model; empty when unknown.</summary>
    public required string Model { get; init; }
    /// <summary>Tokens, and what the provider itself says that they cost.</summary>
    public TokenUsage Usage { get; init; }
    /// <summary>What the log says it cost, nano-USD.</summary>
    public long? ReportedCostNanoUsd { get; init; }
    /// <summary>What it cost by the price book, nano-USD; null when the price is unknown.</summary>
    public long? CostNanoUsd { get; init; }
    /// <summary>What the price is multiplied with, in thousandths.</summary>
    public int PricePermille { get; init; } = 1000;
    /// <summary>From start to end, microseconds.</summary>
    public long? LatencyMicros { get; init; }
    /// <summary>From start to the first content, microseconds.</summary>
    public long? FirstByteMicros { get; init; }
    /// <summary>How it ended: 0 not told, 1 answered, 2 failed, 3 from a cache of the logging gateway.</summary>
    public int Status { get; init; }
    /// <summary>A failure in a few words, without content.</summary>
    public string? Error { get; init; }
    /// <summary>Why the model stopped.</summary>
    public string? FinishReason { get; init; }

    /// <summary>The job that the log names.</summary>
    public string? Tag { get; init; }
    /// <summary>Where the tag was read: 0 nowhere, 1 given by the caller, 2 inferred.</summary>
    public int TagSource { get; init; }
    /// <summary>Tag of the call site that the importing audit put the call into; null when none did.</summary>
    public string? SiteTag { get; init; }
    /// <summary>The part an agent plays.</summary>
    public string? Role { get; init; }
    /// <summary>The agent.</summary>
    public string? Agent { get; init; }
    /// <summary>The step that made the call.</summary>
    public string? Step { get; init; }
    /// <summary>Session or conversation.</summary>
    public string? Session { get; init; }
    /// <summary>End user.</summary>
    public string? User { get; init; }
    /// <summary>Team, project or name of a key.</summary>
    public string? Team { get; init; }
    /// <summary>The run (trace).</summary>
    public string? Run { get; init; }
    /// <summary>Position among the model calls of its run, from 0.</summary>
    public int? RunPosition { get; init; }
    /// <summary>Whether it was the last model call of its run.</summary>
    public bool? EndsRun { get; init; }
    /// <summary>Name of the step that came next.</summary>
    public string? FollowedBy { get; init; }

    /// <summary>Temperature asked for.</summary>
    public double? Temperature { get; init; }
    /// <summary>Output cap asked for, tokens.</summary>
    public int? MaxTokens { get; init; }
    /// <summary>Form of output asked for: 1 text, 2 JSON, 3 by a schema, 4 a tool.</summary>
    public int? RequestedOutput { get; init; }
    /// <summary>Reasoning effort asked for.</summary>
    public string? Effort { get; init; }
    /// <summary>Names of the declared tools; default when not told.</summary>
    public ImmutableArray<string> Tools { get; init; }
    /// <summary>Names of the called tools; default when not told.</summary>
    public ImmutableArray<string> ToolCalls { get; init; }
    /// <summary>Whether the log says that it is made up.</summary>
    public bool Simulated { get; init; }

    /// <summary>Hashes of the template's pieces; empty when there was no content.</summary>
    public ImmutableArray<ulong> Template { get; init; } = [];
    /// <summary>How many of <see cref="Template"/> come from the system prompt.</summary>
    public int SystemPieces { get; init; }
    /// <summary>Hash of the set of tools.</summary>
    public ulong? ToolSet { get; init; }
    /// <summary>Hash of the schema asked for.</summary>
    public ulong? Schema { get; init; }
    /// <summary>Characters of the system prompt.</summary>
    public int? SystemChars { get; init; }
    /// <summary>Characters of the other messages.</summary>
    public int? MessageChars { get; init; }
    /// <summary>Number of the other messages.</summary>
    public int? Messages { get; init; }
    /// <summary>What the answer looked like: 0 not told, 1 empty, 2 label, 3 JSON, 4 tool calls, 5 code, 6 text.</summary>
    public int OutputShape { get; init; }
    /// <summary>Hash of a label, of keys, of names of tools.</summary>
    public ulong? OutputKey { get; init; }
    /// <summary>Characters of the answer.</summary>
    public int? OutputChars { get; init; }
    /// <summary>Hash of all messages.</summary>
    public ulong? Prompt { get; init; }
    /// <summary>Signs of sensitive data, as flags.</summary>
    public int DataSigns { get; init; }

    /// <summary>Judgements that the log carries, in its order.</summary>
    public ImmutableArray<ImportedJudgement> Verdicts { get; init; } = [];

    /// <summary>The id of a call: 48 bits of its millisecond, then 74 bits of a hash (SHA-256) over source and key, in the layout of RFC 9562, version 7.</summary>
    /// <param name="startedAt">When it began; before 1970 counts as 1970.</param>
    /// <param name="source">Format of the log.</param>
    /// <param name="key">Natural id within the source.</param>
    public static string IdOf(DateTimeOffset startedAt, string source, string key)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(key);
        var length = Encoding.UTF8.GetByteCount(source) + 1 + Encoding.UTF8.GetByteCount(key);
        var name = length <= 512 ? stackalloc byte[length] : new byte[length];
        var written = Encoding.UTF8.GetBytes(source, name);
        name[written] = 0xFF; // Stands in no UTF-8 text: source and key cannot run into one another.
        Encoding.UTF8.GetBytes(key, name[(written + 1)..]);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);

        Span<byte> id = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(id, Math.Max(startedAt.ToUnixTimeMilliseconds(), 0) << 16);
        hash[..10].CopyTo(id[6..]);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return Convert.ToHexStringLower(id);
    }
}

/// <summary>A judgement of an imported call.</summary>
/// <param name="Name">What was judged, as the log names it.</param>
/// <param name="Score">0 (bad) to 1 (good).</param>
/// <param name="ByPerson">Whether a person gave it.</param>
public sealed record ImportedJudgement(string Name, double Score, bool ByPerson);
