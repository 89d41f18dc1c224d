using System.Security.Cryptography;
using System.Text;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Sets;

/// <summary>A call or a line of a file that could become a row of an eval set.</summary>
public sealed record EvalSourceRow
{
    /// <summary>Stable id, from request and origin: <c>r-</c> and 16 hexadecimal digits.</summary>
    public required string Id { get; init; }
    /// <summary>The request in the form of chat completions, without <c>model</c>: compact JSON, UTF-8.</summary>
    public required ReadOnlyMemory<byte> Request { get; init; }
    /// <summary>Where it comes from, as in <see cref="EvalRow.Origin"/>.</summary>
    public required string Origin { get; init; }
    /// <summary>The right answer that came with it; empty when none did.</summary>
    public ReadOnlyMemory<byte> Given { get; init; }
    /// <summary>The answer of the reference tier that was captured; empty when there is none.</summary>
    public ReadOnlyMemory<byte> Captured { get; init; }
    /// <summary>The model that gave <see cref="Captured"/>; null when there is none.</summary>
    public string? CapturedBy { get; init; }
    /// <summary>The call; null when from a file.</summary>
    public string? CallId { get; init; }
    /// <summary>When the call began, UTC; null when there is none.</summary>
    public DateTimeOffset? CalledAt { get; init; }
    /// <summary>Its session; null when none.</summary>
    public string? Session { get; init; }
    /// <summary>Its user; null when none.</summary>
    public string? User { get; init; }
    /// <summary>Its data class; null when none.</summary>
    public string? DataClass { get; init; }
    /// <summary>The tag that the file gives it; null when none.</summary>
    public string? Tag { get; init; }
    /// <summary>How the call went, in words; null when nothing is known.</summary>
    public string? Outcome { get; init; }
    /// <summary>A group that the file names; null when none.</summary>
    public string? GroupHint { get; init; }
    /// <summary>The part that the file names; null when none.</summary>
    public EvalPart? Part { get; init; }
    /// <summary>How many calls it stands for before it is sampled: 1 divided by the probability of having been captured. Above 0.</summary>
    public double Mass { get; init; } = 1;
    /// <summary>Whether it is made up: no real model or user stands behind it.</summary>
    public bool Simulated { get; init; }

    /// <summary>The id of a row.</summary>
    /// <param name="request">Its request.</param>
    /// <param name="origin">Where it comes from.</param>
    public static string IdOf(ReadOnlySpan<byte> request, string origin)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(origin));
        hash.AppendData([0]);
        hash.AppendData(request);
        return string.Concat("r-", Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8)));
    }
}
