using Rung.Core.Policies;
using Rung.Core.Prices;

namespace Rung.Replay;

/// <summary>Gathers logged calls, each decided under the policy and under what it is compared with.</summary>
internal sealed class LoggedRows
{
    private readonly PolicySnapshot policy;
    private readonly ModelMatch match;
    private readonly LoggedReplay replay;
    private readonly LoggedReplay? other;
    private readonly bool isReference;
    private readonly Dictionary<string, int> groups = new(StringComparer.Ordinal);
    private readonly List<ReplayRow> rows = [];
    private readonly LoggedVerdicts verdicts;
    private int nextGroup;

    /// <summary>Begins without calls.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="against">The policy that it is compared with; null for none.</param>
    /// <param name="isReference">Without one: whether it is compared with its reference model for every call, instead of with what was.</param>
    /// <param name="book">Knows which ids mean the same model.</param>
    /// <param name="climbRate">The share of calls that is taken to climb where nobody knows, 0 to 1.</param>
    public LoggedRows(PolicySnapshot policy, PolicySnapshot? against, bool isReference, PriceBook book, double climbRate)
    {
        this.policy = policy;
        this.isReference = isReference;
        match = new ModelMatch(policy, book);
        var otherMatch = against is null ? null : new ModelMatch(against, book);
        replay = new LoggedReplay(policy, match, climbRate);
        other = against is null ? null : new LoggedReplay(against, otherMatch!, climbRate);
        verdicts = new LoggedVerdicts(match, otherMatch);
    }

    /// <summary>The calls, in the order in which they came.</summary>
    public IReadOnlyList<ReplayRow> Rows => rows;
    /// <summary>When the first of them began; null without calls.</summary>
    public DateTimeOffset? From { get; private set; }
    /// <summary>When the last of them began; null without calls.</summary>
    public DateTimeOffset? Until { get; private set; }
    /// <summary>The verdicts on them.</summary>
    public LoggedVerdicts Verdicts => verdicts;

    /// <summary>Adds a call.</summary>
    public void Add(LoggedCall call)
    {
        var a = replay.Decide(call);
        var b = other?.Decide(call);
        var group = nextGroup;
        if (call.Session is not { } session || groups.TryAdd(session, nextGroup)) nextGroup++;
        else group = groups[session];
        rows.Add(new ReplayRow(call.Id, call.Tag, group, a.Call, b?.Call ?? (isReference ? Reference(a.Call) : AsItWas(call, a.Call))));
        verdicts.Add(call, group, a, b);
        if (From is null || call.StartedAt < From) From = call.StartedAt;
        if (Until is null || call.StartedAt > Until) Until = call.StartedAt;
    }

    /// <summary>Gives estimates of quality; null where there is nothing to estimate it against.</summary>
    public Func<Func<string?, bool>, ReplayQuality> QualityBy(ReplaySampling sampling) => isMeant => verdicts.Estimate(isMeant, sampling, withDifference: !isReference);

    /// <summary>What was done, in the policy's name of the model where it is the same one, and against the policy's reference where the log has none.</summary>
    private ReplayedCall AsItWas(LoggedCall call, ReplayedCall a)
    {
        var was = call.AsItWas;
        if (was.BaselineNanoUsd is null) was = was with { BaselineNanoUsd = a.BaselineNanoUsd };
        if (call.Answer is not { } answer || was.Model == a.Model) return was;
        var models = match.Of(call.Attempts[answer]);
        return policy.Models.Any(model => models.Contains(model.Index) && model.Name == a.Model) ? was with { Model = a.Model } : was;
    }

    private ReplayedCall Reference(ReplayedCall a) => new()
    {
        Model = a.Error is null ? policy.BaselineModel.Name : null, Made = [$"first {policy.BaselineModel.Name}"], Climbs = 0, CostNanoUsd = a.BaselineNanoUsd,
        CostSource = a.BaselineNanoUsd is null ? CostSource.Unknown : CostSource.Repriced, BaselineNanoUsd = a.BaselineNanoUsd, Error = a.Error,
    };
}
