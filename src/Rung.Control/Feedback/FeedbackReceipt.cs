using Rung.Core.Spans;

namespace Rung.Control.Feedback;

/// <summary>What became of feedback.</summary>
/// <param name="Verdicts">The verdicts, in the order of the body.</param>
/// <param name="New">How many of them were not there before.</param>
/// <param name="Texts">Comments and replacements that are kept.</param>
/// <param name="Notes">What was left out, and why.</param>
public sealed record FeedbackReceipt(IReadOnlyList<VerdictRecord> Verdicts, int New, int Texts, IReadOnlyList<string> Notes);
