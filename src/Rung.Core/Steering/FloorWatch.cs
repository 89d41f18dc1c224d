using System.Globalization;
using Rung.Core.Measurement;
using Rung.Core.Policies;
using Rung.Core.Statistics;

namespace Rung.Core.Steering;

/// <summary>What is known of a floor.</summary>
public sealed record FloorReading
{
    /// <summary>Whether it holds.</summary>
    public required WatchState State { get; init; }
    /// <summary>Mean score with an ordinary 95 % interval: since the likely beginning where it is broken, else of the last observations; null without data.</summary>
    public Interval? Estimate { get; init; }
    /// <summary>The least mean, 0 to 1.</summary>
    public required double Floor { get; init; }
    /// <summary>Judgements that the estimate is of.</summary>
    public required long Items { get; init; }
    /// <summary>Bursts of units that they come in: what counts as independent.</summary>
    public required long Observations { get; init; }
    /// <summary>Natural logarithm of the evidence against the floor; it is broken from ln(1,000,000) = 13.8.</summary>
    public required double LogEvidence { get; init; }
    /// <summary>Likely beginning of the drop; null unless it is broken.</summary>
    public DateTimeOffset? SinceAt { get; init; }
    /// <summary>The revision that was in force then; 0 when it is not known.</summary>
    public long SinceRevision { get; init; }
    /// <summary>When it was noticed; null unless it is broken.</summary>
    public DateTimeOffset? BrokenAt { get; init; }
    /// <summary>In words, with numbers and sample sizes.</summary>
    public required string Words { get; init; }
}

/// <summary>
/// Watches whether the mean score of a tag stays at its floor. It may be looked at after every score: as long as the mean is at or above the floor, the chance of a
/// false alarm within n observations is at most n / 1,000,000.
/// </summary>
/// <remarks>An <see cref="EDetector"/> of 1 − score against 1 − floor. Scores of one unit that come shortly after one another (of verdicts: within the hour) are one observation.</remarks>
public sealed class FloorWatch
{
    /// <summary>Least mean number of observations between false alarms, at quality exactly at the floor.</summary>
    public const double LongestRun = 1_000_000;

    /// <summary>Fewest observations for saying that a floor is met.</summary>
    public const long LeastObservations = 30;

    private readonly Floor _floor;
    private readonly string _tag, _tier;
    private readonly QualitySignal? _signal; // Null: no verdict is called so.
    private readonly WatchedMean? _mean;

    /// <summary>Makes one.</summary>
    /// <param name="floor">The floor.</param>
    /// <param name="tag">The tag, for words.</param>
    /// <param name="tier">The tier that answers, for words.</param>
    /// <param name="longestRun">Least mean number of observations between false alarms.</param>
    public FloorWatch(Floor floor, string tag, string tier, double longestRun = LongestRun)
    {
        ArgumentNullException.ThrowIfNull(floor);
        (_floor, _tag, _tier) = (floor, tag, tier);
        _signal = SignalOf(floor.Verdict);
        if (_signal is null) Problem = $"no verdict is called {floor.Verdict}";
        else if (floor.Of is { } of && _signal != QualitySignal.Judge) Problem = $"it is measured against {of}, and only a judge that compares the two answers does that";
        else if (floor.AtLeast is <= 0 or > 1) Problem = "it is 0, which everything meets";
        // A floor of 1 is broken by any score below it; the tolerated loss is kept a little above 0, so that one odd score is not the end of a tier.
        else _mean = new WatchedMean(Math.Max(1 - floor.AtLeast, 0.001), longestRun, _signal is QualitySignal.Check or QualitySignal.Verifier ? UnitBursts.Idle : UnitBursts.VerdictIdle);
    }

    /// <summary>Why it cannot be measured; null when it can.</summary>
    public string? Problem { get; }

    /// <summary>Whether it is broken. Cheap: for every step.</summary>
    public bool IsBroken => _mean is { IsOut: true };

    /// <summary>Which signal a word of <c>floor.verdict</c> stands for; null for an unknown one.</summary>
    public static QualitySignal? SignalOf(string verdict) => verdict switch
    {
        "check" => QualitySignal.Check,
        "verifier" => QualitySignal.Verifier,
        "judge" => QualitySignal.Judge,
        "feedback" => QualitySignal.Feedback,
        "override" => QualitySignal.Override,
        _ => null,
    };

    /// <summary>Adds a call of the tag that the policy in force answered: it counts for floors of checks and verifiers.</summary>
    public void Add(in ObservedCall call)
    {
        if (_mean is null) return;
        if (_signal == QualitySignal.Verifier)
        {
            if (call.VerifierScore is { } score) _mean.Add(UnitOf(call), 1 - score, call.At, call.Revision);
        }
        else if (_signal == QualitySignal.Check && call.Checked && !call.Failed)
        {
            _mean.Add(UnitOf(call), call.Unverified ? 1 : 0, call.At, call.Revision);
        }
    }

    /// <summary>Adds a verdict on such a call: it counts for the other floors.</summary>
    public void Add(in ObservedVerdict verdict)
    {
        if (_mean is null || verdict.Signal != _signal) return;
        _mean.Add(verdict.Unit == verdict.CallId ? null : verdict.Unit, 1 - verdict.Score, verdict.At, verdict.Revision);
    }

    /// <summary>Ends the bursts of units that have gone quiet.</summary>
    public void Settle(DateTimeOffset now) => _mean?.Settle(now);

    /// <summary>Starts anew: other models answer from now on.</summary>
    public void Reset() => _mean?.Reset();

    /// <summary>What is known now.</summary>
    public FloorReading Read()
    {
        var floor = _floor.AtLeast.ToString("0.###", CultureInfo.InvariantCulture);
        if (_mean is null) return new FloorReading { State = WatchState.Unknown, Floor = _floor.AtLeast, Items = 0, Observations = 0, LogEvidence = 0, Words = $"floor {floor} of {_tag} cannot be watched: {Problem}" };
        var summary = _mean.Summary();
        Interval? estimate = summary.Share is { } loss ? new Interval(1 - loss.Estimate, 1 - loss.High, 1 - loss.Low) : null;
        var state = _mean.IsOut ? WatchState.Broken
            : summary.Observations >= LeastObservations && estimate is { } good && good.Low >= _floor.AtLeast ? WatchState.Met : WatchState.Unknown;
        var words = estimate is not { } known ? $"nothing has judged {_tag} on tier {_tier} yet; floor {floor}"
            : state == WatchState.Broken ? $"quality dropped on tier {_tier} of {_tag}: {Instants.PlusMinus(known)}, floor {floor}, {Instants.Since(_mean)}"
            : $"quality of {_tag} on tier {_tier}: {Instants.PlusMinus(known)}, floor {floor} ({_floor.Verdict}, {summary.Items:N0} judgements)";
        return new FloorReading
        {
            State = state, Estimate = estimate, Floor = _floor.AtLeast, Items = summary.Items, Observations = summary.Observations, LogEvidence = _mean.LogEvidence,
            SinceAt = _mean.IsOut ? _mean.OutSince : null, SinceRevision = _mean.IsOut ? _mean.OutRevision : 0, BrokenAt = _mean.IsOut ? _mean.AlarmAt : null,
            Words = words,
        };
    }

    /// <summary>A call that is its own unit needs no burst.</summary>
    internal static string? UnitOf(in ObservedCall call) => call.Session is null && call.Unit == call.Id ? null : call.Unit;
}
