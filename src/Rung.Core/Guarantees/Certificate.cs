using System.Collections.Immutable;

namespace Rung.Core.Guarantees;

/// <summary>A model in a certificate.</summary>
/// <param name="Name">The policy's name.</param>
/// <param name="Id">The upstream's id, which is the recording's name of it.</param>
public sealed record CertifiedModel(string Name, string Id);

/// <summary>A file that the numbers of a certificate come from.</summary>
/// <param name="Name">Its name, without folders.</param>
/// <param name="Sha256">SHA-256 of its bytes, 64 lower-case hexadecimal digits.</param>
public sealed record CertifiedFile(string Name, string Sha256);

/// <summary>
/// What was promised of a tag's cascade, on what evidence. A route names it as its <c>evidence</c>; lints hold it against what the policy does now.
/// </summary>
public sealed record Certificate
{
    /// <summary>Version of the format that is written.</summary>
    public const int Format = 1;

    /// <summary>The tag.</summary>
    public required string Tag { get; init; }
    /// <summary>The day it was made, UTC.</summary>
    public required DateOnly Date { get; init; }
    /// <summary>The model whose answers are kept or not.</summary>
    public required CertifiedModel Weak { get; init; }
    /// <summary>The model that the loss is measured against, and that calls climb to.</summary>
    public required CertifiedModel Strong { get; init; }
    /// <summary>ε: the promised bound of the mean loss, 0 to 1.</summary>
    public required double QualityLoss { get; init; }
    /// <summary>1 − δ: how surely the promise holds.</summary>
    public required double Confidence { get; init; }
    /// <summary>Which p-value decided.</summary>
    public required RiskTest Test { get; init; }
    /// <summary>Whether the scores come from models that had not seen the row, trained in folds of the same data, rather than from the verifier file itself.</summary>
    public bool CrossFitted { get; init; }
    /// <summary>The certified threshold; null when the checks alone decide.</summary>
    public double? Threshold { get; init; }
    /// <summary><see cref="CascadeRule.Sha256"/> of the rule that was calibrated.</summary>
    public required string RuleSha256 { get; init; }
    /// <summary><see cref="CascadeRule.Texts"/> of it.</summary>
    public ImmutableArray<string> Rule { get; init; } = [];
    /// <summary>The field of the recording that holds the grades; null: <c>correct</c>, else <c>score</c>.</summary>
    public string? Label { get; init; }
    /// <summary>The data.</summary>
    public ImmutableArray<CertifiedFile> Files { get; init; } = [];
    /// <summary>Graded queries.</summary>
    public required int Rows { get; init; }
    /// <summary>Groups of near-identical queries, each of which counts once.</summary>
    public required int Groups { get; init; }
    /// <summary>Mean loss at the threshold, −1 to 1.</summary>
    public required double Loss { get; init; }
    /// <summary>Upper bound of the loss at the stated confidence.</summary>
    public required double Bound { get; init; }
    /// <summary>Share of the queries whose weak answer is kept, 0 to 1.</summary>
    public required double KeptShare { get; init; }
    /// <summary>Expected cost of a call in nano-USD; null when a price is unknown.</summary>
    public double? CostNanoUsd { get; init; }
    /// <summary>Lower end of its 95 % interval.</summary>
    public double? CostLowNanoUsd { get; init; }
    /// <summary>Upper end of its 95 % interval.</summary>
    public double? CostHighNanoUsd { get; init; }
    /// <summary>Cost as a share of always strong; null when a price is unknown.</summary>
    public double? CostShare { get; init; }

    /// <summary>Why it does not hold for a route as the policy has it now, one sentence each; empty when it does.</summary>
    /// <param name="route">The route of the tag.</param>
    /// <param name="weak">The model that answers first.</param>
    /// <param name="strong">The model that a climb reaches; null when there is none.</param>
    public ImmutableArray<string> Objections(Policies.Route route, Policies.Model weak, Policies.Model? strong)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(weak);
        var found = ImmutableArray.CreateBuilder<string>();
        if (Tag != route.Name) found.Add($"It is for tag {Tag}.");
        if (Weak.Id != weak.UpstreamId) found.Add($"It is for answers of {Weak.Id}, but {weak.UpstreamId} answers first.");
        if (strong is null) found.Add("The route climbs nowhere.");
        else if (Strong.Id != strong.UpstreamId) found.Add($"It measures against {Strong.Id}, but calls climb to {strong.UpstreamId}.");
        // What was calibrated climbs whenever its rule says so, from the one model to the other. Whatever keeps a call from that voids the promise.
        if (route.Tier.Pool.Count > 1) found.Add($"Tier {route.Tier.Name} has {route.Tier.Pool.Count} models, and it judges the answers of one.");
        if (route.Streaming == Policies.StreamMode.Pass) found.Add("Streams go out before their verdict (stream: pass), so a bad answer does not climb. Hold them.");
        else if (route.Streaming == Policies.StreamMode.FirstValidPrefix) found.Add("Streams go out at the first valid prefix, and later verdicts climb no more. Hold them.");
        if (route.Escalation?.MaxCostNanoUsd is not null) found.Add("max_usd of escalate may keep a bad answer from climbing.");
        if (route.Limits.Attempts < 2) found.Add("Its limit of one attempt keeps every answer from climbing.");
        if (CascadeRule.Of(route, out var problem) is not { } rule)
        {
            found.Add(problem!);
            return found.ToImmutable();
        }
        if (rule.Sha256 != RuleSha256) found.Add("The checks, the verifier's file or what the route climbs on have changed since.");
        else if (rule.Threshold < Threshold)
            found.Add(FormattableString.Invariant($"The threshold {rule.Threshold:0.####} is below the certified {Threshold:0.####}."));
        return found.ToImmutable();
    }
}
