using System.Diagnostics;
using Rung.Core.Policies;

namespace Rung.Recorded;

/// <summary>A drive without a gateway: the policy is run over the recording in this process. The report is that of <see cref="RecordedDrive"/>.</summary>
/// <param name="outcomes">The prompts, the answers, and the truth about them.</param>
internal sealed class OfflineDrive(RecordedOutcomes outcomes)
{
    /// <summary>Runs the policy over every prompt.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="name">What the report calls it.</param>
    /// <param name="options">Which prompts, and their tags. What only a gateway knows (address, key, concurrency) does not count.</param>
    /// <param name="at">The instant whose prices hold.</param>
    /// <param name="calls">Every call with what was decided, in the order of the recording.</param>
    /// <exception cref="OutsideNeededException">A check must have something found out that no recording holds.</exception>
    public DriveReport Run(PolicySnapshot policy, string name, DriveOptions options, DateTimeOffset at, out IReadOnlyList<(DriveCall Call, OfflineCall Decided)> calls)
    {
        var watch = Stopwatch.StartNew();
        var cascade = new OfflineCascade(outcomes, policy, at);
        var made = new List<(DriveCall, OfflineCall)>();
        foreach (var row in outcomes.Rows.Take(options.Limit ?? int.MaxValue))
        {
            var decided = cascade.Run(row, options.TagOf(row), RecordedDrive.BodyOf(row, options).Length);
            var call = new DriveCall(row);
            call.Take(decided);
            if (decided.Answer is { } answer) call.Grade = RecordedGrade.Of(row, answer);
            made.Add((call, decided));
        }
        calls = made;
        // Nothing was waited for: a latency or a rate would be this process's own, and say nothing of a gateway.
        return DriveSummary.Of(options, [.. made.Select(one => one.Item1)], made.Count, watch.Elapsed, interrupted: false) with { Gateway = $"offline: {name}", LatencyMs = null };
    }
}
