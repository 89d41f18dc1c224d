using Rung.Core.Spans;

namespace Rung.Storage.Reports;

/// <summary>What a report needs of one attempt.</summary>
internal readonly record struct AttemptRow(
    bool IsEscalation, AttemptOutcome Outcome, long LatencyMicros, long? FirstByteMicros, long TokensIn, long TokensCached, long TokensOut, long? CostNanoUsd,
    long? SavedTokens, long? SavedMicros)
{
    /// <summary>Whether it brought no whole answer, for another reason than that the client left or the gateway gave it up as doomed.</summary>
    public bool IsError => Outcome is not (AttemptOutcome.Completed or AttemptOutcome.CheckFailed or AttemptOutcome.Doomed or AttemptOutcome.ClientGone);
}
