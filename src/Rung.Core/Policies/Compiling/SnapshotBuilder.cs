using System.Collections.Frozen;
using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;
using Rung.Core.Prices;

namespace Rung.Core.Policies.Compiling;

/// <summary>Builds the snapshot of a document without faults: every name becomes what it names, every default and inherited setting is filled in.</summary>
internal sealed class SnapshotBuilder
{
    private readonly PolicyDocument document;
    private readonly IReadOnlyDictionary<string, ImmutableArray<BuiltCheck>> checks;
    private readonly IReadOnlyDictionary<string, Check> gradingSchemas;
    private readonly ImmutableArray<Model> models;
    private readonly Dictionary<string, Model> modelsByName;
    private readonly ImmutableArray<Tier> ladder;
    private readonly CallLimits limits;

    /// <summary>Prepares.</summary>
    /// <param name="document">The document.</param>
    /// <param name="checks">The checks by the path of their list.</param>
    /// <param name="gradingSchemas">The schemas that evals grade with, by their path as written.</param>
    /// <param name="prices">The price book.</param>
    public SnapshotBuilder(
        PolicyDocument document, IReadOnlyDictionary<string, ImmutableArray<BuiltCheck>> checks, IReadOnlyDictionary<string, Check> gradingSchemas, PriceBook prices)
    {
        this.gradingSchemas = gradingSchemas;
        this.document = document;
        this.checks = checks;
        models = [.. document.Models.Select((model, index) => ModelBuilder.Build(model, index, prices))];
        modelsByName = models.ToDictionary(model => model.Name, StringComparer.Ordinal);
        ladder = [.. document.Tiers.Select((tier, index) => new Tier { Index = index, Name = tier.Name, Pool = Set(tier.Models) })];
        limits = LimitsBuilder.Build(document.Limits);
    }

    /// <summary>Builds.</summary>
    /// <param name="hash">Content hash of the policy.</param>
    /// <param name="outside">Its verifiers and commands.</param>
    public PolicySnapshot Build(string hash, BuiltVerifiers outside)
    {
        var reference = document.Tiers.FirstOrDefault(tier => tier.Reference) ?? document.Tiers[^1];
        return new PolicySnapshot
        {
            Revision = 0,
            Hash = hash,
            Name = document.Name,
            Ladder = ladder,
            Models = models,
            Tags = document.Tags.ToFrozenDictionary(tag => tag.Name, tag => Route(RouteMerge.Of(tag, document), RouteKind.Tag), StringComparer.Ordinal),
            Roles = document.Roles.ToFrozenDictionary(role => role.Name, role => Route(new MergedRoute(role, ChecksPath(role, "roles")), RouteKind.Role), StringComparer.Ordinal),
            Default = Route(new MergedRoute(document.Default, ChecksPath(document.Default, null)), RouteKind.Default),
            Pins = [.. document.Pins.Select(Pin)],
            BaselineModel = modelsByName[reference.Models[0]],
            ReferenceTier = TierOf(reference.Name),
            Limits = limits,
            Control = ControlBuilder.Build(document),
            Redactions = document.Redactions.ToFrozenDictionary(redaction => redaction.Name, redaction => redaction.Pattern, StringComparer.Ordinal),
            Commands = outside.Commands,
            OutsideVerifiers = outside.Verifiers,
            TrainedVerifiers = outside.Trained,
        };
    }

    private static string? ChecksPath(RouteEntry entry, string? parent) =>
        entry.Checks is null ? null : PolicyPath.Of(parent is null ? entry.Name : PolicyPath.Of(parent, entry.Name), "checks");

    private Route Route(MergedRoute merged, RouteKind kind)
    {
        var entry = merged.Entry;
        var tier = TierOf(entry.Tier!);
        var built = merged.ChecksPath is { } path ? checks[path] : [];
        return new Route
        {
            Name = kind == RouteKind.Role ? $"role:{entry.Name}" : entry.Name,
            Kind = kind,
            Role = kind == RouteKind.Role ? entry.Name : entry.Role,
            Tier = tier,
            Why = entry.Why,
            Owner = entry.Owner,
            UserVisible = entry.UserVisible ?? false,
            DataClass = entry.DataClass,
            MaxTokens = entry.MaxTokens ?? 0,
            MaxTemperature = (double?)entry.MaxTemperature,
            Checks = [.. built.Select(check => check.Check)],
            CheckTexts = [.. built.Select(check => check.Text)],
            Streaming = entry.Stream switch { "pass" => StreamMode.Pass, "first_valid_prefix" => StreamMode.FirstValidPrefix, _ => StreamMode.Hold },
            Escalation = Escalation(entry.Escalate),
            Floor = entry.Floor is { } floor ? new Floor(floor.Verdict, (double)floor.AtLeast, floor.Of) : null,
            Ceiling = entry.Ceiling is { } ceiling ? new Ceiling(Nano(ceiling.UsdPerCall), Nano(ceiling.UsdPerSession), Nano(ceiling.UsdPerDay)) : null,
            Capture = Capture(entry.Capture),
            Eval = EvalTermsBuilder.Build(entry.Eval, gradingSchemas),
            Evidence = entry.Evidence,
            EvidenceGap = entry.EvidenceGap is { } gap ? new EvidenceGap((MissingEvidence)EvidenceGap.Words.IndexOf(gap.Missing), gap.Prove) : null,
            Limits = LimitsBuilder.Build(entry.Limits, limits),
            Reason = Reason(entry.Name, kind, tier.Name),
        };
    }

    private static string Reason(string name, RouteKind kind, string tier) => kind switch
    {
        RouteKind.Tag => $"tag {name}: {tier}",
        RouteKind.Role => $"role {name}: {tier}",
        _ => $"default: {tier}",
    };

    private Escalation? Escalation(EscalateEntry? entry) => entry?.To is not { } to ? null : new Escalation
    {
        To = TierOf(to),
        On = ClimbCauses.Of(entry.On ?? ClimbCauses.Names),
        Times = entry.Times ?? 1,
        Exhausted = entry.Exhausted == "error" ? Exhausted.Error : Exhausted.LastAnswer,
        MaxCostNanoUsd = Nano(entry.MaxUsd),
        MaxTime = LimitsBuilder.Seconds(entry.MaxSeconds),
    };

    private static Capture? Capture(CaptureEntry? entry) => entry?.Sample is not { } sample || sample == 0 ? null : new Capture
    {
        Sample = (double)sample,
        KeepDays = entry.KeepDays ?? Policies.Capture.DefaultKeepDays,
        MaxBytes = (entry.MaxKb ?? Policies.Capture.DefaultMaxKb) * 1024,
        Redact = entry.Redact,
    };

    private Pin Pin(PinEntry entry, int index) => new()
    {
        Name = entry.Name ?? $"pin {index + 1}",
        DataClass = entry.DataClass,
        Tag = entry.Tag,
        Role = entry.Role,
        Tenant = entry.Tenant,
        User = entry.User,
        Models = Set(entry.Models),
        Why = entry.Why,
    };

    private Tier TierOf(string name) => ladder.First(tier => tier.Name == name);

    private ModelSet Set(ImmutableArray<string> names) => names.Aggregate(ModelSet.Empty, (set, name) => set.With(modelsByName[name].Index));

    private static long? Nano(decimal? usd) => usd is { } value ? Amounts.NanoUsd(value) : null;
}
