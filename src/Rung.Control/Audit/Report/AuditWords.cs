using Rung.Control.Imports;

namespace Rung.Control.Audit;

/// <summary>The sentences of an audit that its terminal report and its page share.</summary>
public static class AuditWords
{
    /// <summary>What the whole audit comes to.</summary>
    public static string Verdict(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Totals.Calls == 0) return "There are no calls in it.";
        var dearest = report.Rows.Take(3).Sum(row => row.Share ?? 0);
        var top = report.Rows.Length > 3 && report.Totals.CostNanoUsd > 0 ? $"; the three dearest are {Money.Percent(dearest)} of it" : "";
        var spent = $"{(report.Simulated == report.Totals.Calls ? "Simulated: " : "")}{Money.Usd(report.Totals.CostNanoUsd)} in {Money.Of(report.DaysCovered, "day")} over {Money.Of(report.Totals.Calls, "call")} of {Money.Of(report.Rows.Length, "job")}{top}.";
        return $"{spent} {Saving(report)}";
    }

    /// <summary>When, in words: <c>2026-10-01 to 2026-10-30 UTC</c>.</summary>
    public static string Period(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Period is not var (first, last)) return "no calls";
        var (from, to) = (first.UtcDateTime, last.UtcDateTime);
        return from.Date == to.Date ? $"{from:yyyy-MM-dd} UTC" : $"{from:yyyy-MM-dd} to {to:yyyy-MM-dd} UTC";
    }

    /// <summary>Where the calls come from: <c>3 files (litellm, otlp)</c>.</summary>
    public static string From(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Frame.Import is not { } import) return report.Frame.Ledger is { } ledger ? $"the ledger in {ledger}" : "calls";
        var read = import.Files.Where(file => file.Format is not null).ToList();
        if (read is [{ Path: "-" } input]) return $"standard input ({input.Format})";
        return $"{Money.Of(read.Count, "file")} ({string.Join(", ", read.Select(file => file.Format).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))})";
    }

    /// <summary>Whose prices: the book's date and the day.</summary>
    public static string Prices(AuditReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var frame = report.Frame;
        var own = frame.OwnPrices is { } path ? $" and {path}" : "";
        return $"price book of {frame.PricesCompiled:yyyy-MM-dd}{own}, at the prices of {(frame.PriceDate is { } day ? $"{day:yyyy-MM-dd}" : "each call's day")}";
    }

    /// <summary>What a job needs of a model, as people say it.</summary>
    public static string Class(NecessityClass needs) => needs switch
    {
        NecessityClass.Mechanical => "mechanical",
        NecessityClass.InstructionFollowing => "instruction-following",
        NecessityClass.Judgement => "judgement",
        NecessityClass.Planning => "planning",
        _ => "not enough known",
    };

    /// <summary>Why a record of a log is no call of its own.</summary>
    public static string Why(LeftOut reason) => reason switch
    {
        LeftOut.Duplicate => "that repeat a call",
        LeftOut.NoModelCall => "that are no model calls",
        LeftOut.RepeatsChildren => "that repeat the usage of their children",
        LeftOut.Replayed => "copied from another session",
        LeftOut.Synthetic => "made up by the tool itself",
        LeftOut.Unfinished => "of calls that had not ended",
        LeftOut.SumOfCalls => "that sum calls which are there",
        _ => "for another reason",
    };

    /// <summary>What is proposed for one job, in one sentence.</summary>
    public static string Proposal(AuditRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        var review = row.Review;
        var now = $"{review.Model ?? "an unnamed model"}{(review.Tier is { } tier ? $" ({tier})" : "")}";
        if (review.Compliance is not null) return $"{now}: not moved. {review.Compliance}";
        if (!row.IsMoved) return $"{now}: stays.";
        var saving = (review.SavingNanoUsd, review.SavingInterval) switch
        {
            ({ } middle, var (low, high)) => $"saves about {Money.Usd(middle)} ({Money.Range(low, high)})",
            ({ } middle, null) => $"saves about {Money.Usd(middle)}",
            _ => "what that saves cannot be said",
        };
        return $"{now} → {review.ProposedTier}: {saving}, not proved yet.";
    }

    private static string Saving(AuditReport report)
    {
        var moved = report.Rows.Count(row => row.IsMoved);
        if (moved == 0) return "No cheaper model is proposed for any of them.";
        if (report.SavingNanoUsd is not { } saving || report.SavingInterval is not var (low, high) || report.SavingShare is not var (middle, worst, best))
            return $"A cheaper model may do for {moved:#,0} of them; what that saves cannot be said.";
        if (saving <= 0) return $"Moving {moved:#,0} of them to another tier would not save money under the stated assumptions ({Money.Range(low, high)}).";
        return $"About {Money.Usd(saving)} of it ({Money.Percent(middle)}; between {Money.Percent(worst)} and {Money.Percent(best)} under the stated assumptions) could be saved by moving {Money.Of(moved, "job")} to a cheaper tier. None of that is proved yet.";
    }
}
