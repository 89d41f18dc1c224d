using Rung.Core.Checks;

namespace Rung.Core.Verifiers;

/// <summary>What a verifier says of one answer: a score, or what must be found out first, or why it cannot say.</summary>
/// <param name="Value">0 (surely bad) to 1 (surely good); null without a score.</param>
/// <param name="Pending">What must be found out first; null when there is a score or none can be had.</param>
/// <param name="Unavailable">Why there is no score, in words; else null.</param>
public readonly record struct VerifierScore(double? Value, Inquiry? Pending, string? Unavailable)
{
    /// <summary>A score.</summary>
    public static VerifierScore Of(double value) => new(value, null, null);
    /// <summary>Something must be found out outside.</summary>
    public static VerifierScore Ask(Inquiry inquiry) => new(null, inquiry, null);
    /// <summary>None can be had.</summary>
    public static VerifierScore None(string why) => new(null, null, why);
}

/// <summary>Scores an answer to a prompt. Immutable, shared between threads, pure: what lies outside comes in as a finding.</summary>
public abstract class Verifier
{
    /// <summary>Name in the policy.</summary>
    public abstract string Name { get; }

    /// <summary>Scores one answer, whose <see cref="Answer.Context"/> is there. Never throws on any content.</summary>
    public abstract VerifierScore Score(Answer answer);
}
