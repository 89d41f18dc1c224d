using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>One site under review.</summary>
internal sealed class SiteJudge
{
    private readonly CallSite _site;
    private readonly ModelLadder _ladder;
    private readonly AuditAssumptions _assumptions;
    private readonly NecessityScore _score;
    private readonly List<Doubt> _doubts;
    private readonly ModelUse? _main;
    private readonly LadderTier? _now;
    private readonly bool _isKnown;

    public SiteJudge(CallSite site, ModelLadder ladder, AuditAssumptions assumptions)
    {
        (_site, _ladder, _assumptions) = (site, ladder, assumptions);
        _main = MainUse(site);
        _now = _main is null ? null : ladder.TierOf(_main.Provider, _main.Model);
        _isKnown = site.Statistics.Calls >= assumptions.MinimumCalls;
        _score = NecessityScore.Of(site, assumptions);
        _doubts = [.. TroubleEvidence.Of(site.Statistics, assumptions.MinimumCalls)];
    }

    private NecessityClass Class => _isKnown ? _score.Class : NecessityClass.Unknown;

    /// <summary>The sums of the model that costs most; of models without prices the one with the most calls.</summary>
    public static ModelUse? MainUse(CallSite site) =>
        site.Statistics.Models.OrderByDescending(use => use.CostNanoUsd).ThenByDescending(use => use.Calls).ThenBy(use => use.Provider, StringComparer.Ordinal).ThenBy(use => use.Model, StringComparer.Ordinal).FirstOrDefault();

    public SiteReview Review()
    {
        var compliance = ComplianceEvidence.Of(_site.Statistics, _assumptions);
        var (target, saving, notes) = Propose(compliance is not null);
        var reasons = notes.Concat(_doubts.Select(doubt => doubt.Sentence)).Concat(_score.Findings.Select(finding => finding.Sentence)).Select(Sentence);
        return new SiteReview
        {
            Site = _site,
            Class = Class,
            Reasons = [.. reasons],
            Model = _main is { Model.Length: > 0 } ? _main.Model : null,
            Tier = _now?.Name,
            ProposedTier = target?.Name ?? _now?.Name,
            SavingNanoUsd = saving?.Saving,
            SavingInterval = saving?.Interval,
            Prove = target is null ? null : Prove(target),
            Compliance = compliance,
        };
    }

    /// <summary>The tier to move to (null: stay), what that saves, and why it is so.</summary>
    private (LadderTier? Target, SavingProjection? Saving, List<string> Notes) Propose(bool isSensitive)
    {
        var notes = new List<string>();
        if (!_isKnown) notes.Add($"only {Figures.Number(_site.Statistics.Calls)} calls are too few to say what it needs, so nothing is proposed");
        else if (_score.Class == NecessityClass.Unknown) notes.Add("too little is known of what it does, so nothing is proposed");
        if (_ladder.CannotBeSaid is not null) return (null, null, notes);
        if (_now is null)
        {
            notes.Add(_main is null || _ladder.Find(_main.Provider, _main.Model) is null
                ? "the price of its model is unknown, so it cannot be said what another would save"
                : $"its model {OneLine.Of(_main.Model)} stands on no tier of the proposed ladder, so it stays where it is");
            return (null, Consolidated(notes), notes);
        }
        if (Blocked(isSensitive) is { } why) notes.Add(why);
        else if (Class != NecessityClass.Unknown && Candidate(notes) is { } target && Move(target) is var projection)
        {
            if (projection is null) notes.Add($"what it would cost on {target.Model} cannot be said");
            else if (IsWorthIt(projection)) return (target, projection, notes);
            else notes.Add($"moving to {target.Model} would save {Figures.Usd(projection.Saving)} of {Figures.Usd(projection.CurrentNanoUsd)} ({Figures.Usd(projection.Interval.Low)} to {Figures.Usd(projection.Interval.High)}): not worth it");
        }
        var same = Consolidated(notes);
        // Of a site of which nothing is known, or that a person must look at first, "saves nothing" would say too much.
        return (null, same ?? (Class == NecessityClass.Unknown || isSensitive ? null : SavingProjection.Nothing(_site.Statistics.CostNanoUsd)), notes);
    }

    private string? Blocked(bool isSensitive)
    {
        if (isSensitive) return "it stays where it is until a person has looked at its data";
        if (_doubts.Any(doubt => doubt.IsStrong) || _doubts.Count >= 2) return $"the model that it has already seems too weak or ill at ease, so it stays on {_now!.Name}";
        if (!_site.IsTagged && _site.Confidence * 1000 < _assumptions.MinimumConfidence)
            return FormattableString.Invariant($"that these calls belong together is not sure enough ({_site.Confidence:0.00}) to move them");
        return null;
    }

    /// <summary>The tier that the class asks for, if it is below the present one and its model can take the calls.</summary>
    private LadderTier? Candidate(List<string> notes)
    {
        var at = _ladder.Tiers.IndexOf(_now!);
        var wanted = Class switch
        {
            NecessityClass.Mechanical => 0,
            NecessityClass.InstructionFollowing or NecessityClass.Judgement => _ladder.Tiers.Select((tier, i) => tier.Name == "mid" ? i : -1).Max(),
            _ => _ladder.Tiers.Length - 1,
        };
        if (wanted < 0)
        {
            notes.Add("the ladder has no middle rung to move to");
            return null;
        }
        if (wanted >= at)
        {
            if (wanted > at) notes.Add($"{NameEvidence.InWords(Class)} runs on {_now!.Name}: look whether that is enough");
            return null;
        }
        if (Class == NecessityClass.Judgement && !RequestEvidence.Mostly(_site.Statistics.Validated, 0.5, _assumptions.MinimumCalls))
        {
            notes.Add("it weighs, and no later step that is known would catch an error: it stays");
            return null;
        }
        for (var i = wanted; i < at; i++)
        {
            if (Unfit(_ladder.Tiers[i]) is not { } unfit) return _ladder.Tiers[i];
            notes.Add(unfit);
        }
        return null;
    }

    private string? Unfit(LadderTier tier)
    {
        var site = _site.Statistics;
        var can = tier.Price.Capabilities;
        if (can.Length > 0 && site.WithTools.Events > 0 && !can.Contains("tools", StringComparer.Ordinal)) return $"not {tier.Name}: {tier.Model} cannot call tools, which its calls need";
        if (can.Length > 0 && site.AsksForStructure.Events > 0 && !can.Contains("json_schema", StringComparer.Ordinal)) return $"not {tier.Name}: {tier.Model} cannot follow a JSON Schema, which its calls ask for";
        var input = Math.Max(site.LongestInput ?? 0, (long)site.Input.P95);
        if (tier.Price.Context is { } context && input > context) return $"not {tier.Name}: {tier.Model} takes {Figures.Number(context)} tokens, and its calls have up to {Figures.Number(input)}";
        if (tier.Price.MaxOutput is { } output && site.Output.P95 > output) return $"not {tier.Name}: {tier.Model} writes at most {Figures.Number(output)} tokens, and its answers have up to {Figures.Number((long)site.Output.P95)}";
        return null;
    }

    private SavingProjection? Move(LadderTier target)
    {
        var isCaught = Class == NecessityClass.Mechanical && HasForm() || RequestEvidence.Mostly(_site.Statistics.Validated, 0.5, _assumptions.MinimumCalls);
        return SavingProjection.Of(_site.Statistics, new PlannedMove(target.Provider, target.Price, _ladder.Above(target)?.Price, _assumptions.Climb(Class), IsJudged: !isCaught), _ladder, _assumptions);
    }

    private bool HasForm() => AnswerEvidence.Known(_site.Statistics) >= _assumptions.MinimumCalls
        && new[] { OutputShape.Label, OutputShape.Json, OutputShape.ToolCalls }.Any(shape => AnswerEvidence.Shape(_site.Statistics, shape).Value >= 0.9);

    private bool IsWorthIt(SavingProjection projection) => projection.Saving > 0 && (Int128)projection.Saving * 1000 >= (Int128)projection.CurrentNanoUsd * _assumptions.MinimumSaving;

    /// <summary>A route has one tier. When the calls of a site that stays go to several models today, the policy sends them all to the one that costs most.</summary>
    private SavingProjection? Consolidated(List<string> notes)
    {
        if (_main is null || _ladder.Find(_main.Provider, _main.Model) is not { } price || price.At(_ladder.PriceDate) is null) return null;
        var others = _site.Statistics.Models.Where(use => use.Calls > use.UnknownPriceCalls && !IsSame(use, price)).ToList();
        if (others.Count == 0) return null;
        if (SavingProjection.Of(_site.Statistics, new PlannedMove(_main.Provider, price, null, AssumedRange.None, IsJudged: false), _ladder, _assumptions) is not { } same) return null;
        var change = same.Saving < 0 ? $"costs {Figures.Usd(-same.Saving)} more" : $"saves {Figures.Usd(same.Saving)}";
        notes.Add($"{Figures.Number(others.Sum(use => use.Calls))} of its {Figures.Number(_site.Statistics.Calls)} calls go to other models today; one route sends all to {OneLine.Of(_main.Model)}, which {change}");
        return same;
    }

    private bool IsSame(ModelUse use, PriceSchedule price) => use.Provider == _main!.Provider && _ladder.Find(use.Provider, use.Model)?.Model == price.Model;

    private string Prove(LadderTier target)
    {
        var answers = _assumptions.EvalAnswers;
        var what = Class switch
        {
            NecessityClass.Mechanical => "give the same answers as",
            NecessityClass.InstructionFollowing => "follow the instructions as well as",
            _ => "judge as well as",
        };
        return $"That {target.Model} would {what} {OneLine.Of(_main!.Model)}: {answers} calls of this site, answered by both and graded. With none worse, the loss is at most {Figures.Percent(3.0 / answers)} (95 % confidence).";
    }

    private static string Sentence(string text) => text.Length == 0 ? text : $"{char.ToUpperInvariant(text[0])}{text[1..]}.";
}
