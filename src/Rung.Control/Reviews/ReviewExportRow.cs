using Rung.Storage.Content;

namespace Rung.Control.Reviews;

/// <summary>One verdict as it is exported: a row of JSON lines or CSV.</summary>
public sealed record ReviewExportRow
{
    /// <summary>The item.</summary>
    public required string Item { get; init; }
    /// <summary>The job.</summary>
    public required string Tag { get; init; }
    /// <summary>What was drawn from.</summary>
    public required string Scope { get; init; }
    /// <summary>The call; null for a row that came from elsewhere.</summary>
    public string? CallId { get; init; }
    /// <summary>The eval set, <c>name@version</c>; null for a call.</summary>
    public string? Set { get; init; }
    /// <summary>The row of the set; null for a call.</summary>
    public string? Row { get; init; }
    /// <summary>The run; null when none.</summary>
    public string? Run { get; init; }
    /// <summary>The candidate of the run; null when none.</summary>
    public string? Candidate { get; init; }
    /// <summary>Part of the design: <c>uniform</c> or <c>targeted</c>.</summary>
    public required string Part { get; init; }
    /// <summary>Why the targeted part liked it; null when it had no reason to.</summary>
    public string? Why { get; init; }
    /// <summary>Probability of being drawn by the uniform part.</summary>
    public required double UniformInclusion { get; init; }
    /// <summary>Probability of being drawn at all.</summary>
    public required double Inclusion { get; init; }
    /// <summary>Probability of being captured and drawn: the weight is its inverse.</summary>
    public required double SampledAt { get; init; }
    /// <summary>Who judged; null when nobody has yet.</summary>
    public string? Reviewer { get; init; }
    /// <summary>What was said; null when nothing yet.</summary>
    public string? Choice { get; init; }
    /// <summary>Of a pair: which are good enough.</summary>
    public string? Good { get; init; }
    /// <summary>1 to 5; null when none was given.</summary>
    public int? Rating { get; init; }
    /// <summary>Score of the judged answer.</summary>
    public double? Score { get; init; }
    /// <summary>Of a pair: 1 where the judged answer is the better one.</summary>
    public double? Preference { get; init; }
    /// <summary>When, UTC.</summary>
    public DateTimeOffset? GivenAt { get; init; }
    /// <summary>What the reviewer wrote; only with content.</summary>
    public string? Comment { get; init; }
    /// <summary>The request in words; only with content, and while it is there.</summary>
    public string? Request { get; init; }
    /// <summary>The judged answer in words; only with content, and while it is there.</summary>
    public string? Answer { get; init; }
    /// <summary>The answer beside it; only with content, and while it is there.</summary>
    public string? Other { get; init; }

    /// <summary>A row a verdict, and one for an item that nobody has judged.</summary>
    public static IEnumerable<ReviewExportRow> Of(ReviewedItem entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var item = entry.Item;
        var bare = new ReviewExportRow
        {
            Item = item.Id, Tag = item.Tag, Scope = item.Scope, CallId = item.CallId, Set = item.Set is null ? null : FormattableString.Invariant($"{item.Set}@{item.SetVersion}"), Row = item.RowId,
            Run = item.Run, Candidate = item.Candidate, Part = item.Part == ReviewPart.Uniform ? "uniform" : "targeted", Why = item.Why,
            UniformInclusion = item.UniformInclusion, Inclusion = item.Inclusion, SampledAt = item.SampledAt,
        };
        return entry.Verdicts.Count == 0 ? [bare] : entry.Verdicts.Select(verdict => bare with
        {
            Reviewer = verdict.Reviewer, Choice = Words.Of(verdict.Choice), Good = verdict.Good is { } good ? Words.Of(good) : null, Rating = verdict.Rating, Score = verdict.Score,
            Preference = verdict.Preference, GivenAt = verdict.GivenAt, Comment = verdict.Comment,
        });
    }

    /// <summary>The same row with what was looked at.</summary>
    public ReviewExportRow With(ReviewCase? shown) => shown is null ? this : this with
    {
        Request = string.Join("\n\n", shown.Conversation.Select(message => $"{message.Role}: {message.Text}")), Answer = shown.Judged.Text, Other = shown.Other?.Text,
    };

    private static class Words
    {
        public static string Of(ReviewChoice choice) => choice switch
        {
            ReviewChoice.Left => "left",
            ReviewChoice.Right => "right",
            ReviewChoice.Tie => "tie",
            ReviewChoice.Good => "good",
            ReviewChoice.Bad => "bad",
            ReviewChoice.Unsure => "unsure",
            _ => "skip",
        };

        public static string Of(ReviewGood good) => good switch
        {
            ReviewGood.Both => "both",
            ReviewGood.Better => "better",
            _ => "neither",
        };
    }
}
