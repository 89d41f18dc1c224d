using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Rung.Core.Policies;

/// <summary>What is kept of the content of a route's calls. Without one, nothing is.</summary>
public sealed record Capture
{
    /// <summary>How long content is kept where the policy does not say, in days.</summary>
    public const int DefaultKeepDays = 30;

    /// <summary>Largest content of a call where the policy does not say, in KiB.</summary>
    public const int DefaultMaxKb = 256;

    /// <summary>The kinds of text that Rung knows how to blot out.</summary>
    public static ImmutableArray<string> BuiltInRedactions { get; } = ["email", "phone", "card", "secret"];

    /// <summary>Share of the calls whose content is kept, above 0, at most 1.</summary>
    public required double Sample { get; init; }
    /// <summary>How long it is kept, in days.</summary>
    public required int KeepDays { get; init; }
    /// <summary>Largest request and answers together, in bytes; a larger call is not kept.</summary>
    public required int MaxBytes { get; init; }
    /// <summary>What is blotted out before anything is stored: names of built-in kinds and of the policy's patterns; null: all of them.</summary>
    public ImmutableArray<string>? Redact { get; init; }

    /// <summary>Whether the content of a call is kept: by a hash of its id (the first 8 bytes of SHA-256), so that whoever asks gets the same answer.</summary>
    /// <param name="callId">Id of the call.</param>
    public bool Takes(string callId)
    {
        ArgumentNullException.ThrowIfNull(callId);
        if (Sample >= 1) return true;
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(callId.AsSpan()), hash);
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * (1.0 / (1UL << 53)) < Sample;
    }
}
