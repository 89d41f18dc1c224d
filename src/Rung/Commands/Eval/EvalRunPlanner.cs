using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rung.Commands.Policy;
using Rung.Control.Evals;
using Rung.Control.Evals.Runs;
using Rung.Control.Evals.Scoring;
using Rung.Core.Policies;
using Rung.Storage.Content;

namespace Rung.Commands.Eval;

/// <summary>Makes the plan of a run from the command line, the policy and the set.</summary>
internal static class EvalRunPlanner
{
    /// <summary>The route whose answers are judged: the tag's, or the default where the policy has no such tag.</summary>
    public static (string Tag, Route Route) RouteOf(PolicySnapshot policy, EvalSet set, string? named, TextWriter error)
    {
        var tag = named ?? set.Tag ?? throw new EvalException($"{set.Name}@{set.Version} does not say which job it is about.", "Name it: --tag TAG");
        if (policy.Tags.TryGetValue(tag, out var route)) return (tag, route);
        error.WriteLine($"rung: the policy has no tag {tag}: the default route's caps, pins and eval terms hold");
        return (tag, policy.Default);
    }

    /// <summary>The candidates that a command line names.</summary>
    /// <exception cref="EvalException">A name is neither a model nor a tier.</exception>
    public static IReadOnlyList<RunCandidate> Candidates(PolicySnapshot policy, Route route, string names)
    {
        var candidates = new List<RunCandidate>();
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var tier = policy.Ladder.FirstOrDefault(one => one.Name == name);
            var model = policy.Models.FirstOrDefault(one => one.Name == name) ?? (tier is null ? null : First(policy, tier))
                ?? throw new EvalException($"The policy has neither a model nor a tier {name}.", $"Models: {string.Join(", ", policy.Models.Select(one => one.Name))}. Tiers: {string.Join(", ", policy.Ladder.Select(one => one.Name))}.");
            if (candidates.Any(one => one.Name == model.Name)) continue;
            candidates.Add(Candidate(policy, route, model));
        }
        return candidates.Count > 0 ? candidates : throw new EvalException("No candidate is named.", "Name models or tiers: --candidates haiku,small");
    }

    private static RunCandidate Candidate(PolicySnapshot policy, Route route, Model model) => new()
    {
        Name = model.Name, Id = model.UpstreamId, Tier = policy.Ladder.FirstOrDefault(one => one.Pool.Contains(model.Index))?.Name,
        MaxTokens = route.MaxTokens, MaxTemperature = route.MaxTemperature,
    };

    /// <summary>The first model of a tier: the one that answers while nothing fails.</summary>
    public static Model First(PolicySnapshot policy, Tier tier) =>
        policy.Models.Where(model => tier.Pool.Contains(model.Index)).OrderBy(model => model.Priority).ThenBy(model => model.Index).First();

    /// <summary>The plan.</summary>
    public static EvalRunPlan Plan(EvalRunOptions options, ParseResult parsed, NamedPolicy named, EvalSet set, string tag, Route route, EvalTerms terms, IScorer scorer)
    {
        var policy = named.Snapshot;
        // A judge that compares takes the known answer for the other side; whoever grades by it has a grade for the reference's model, too.
        var known = parsed.GetValue(options.KnownAnswers);
        var beside = terms.Score != ScoreKind.Pairwise && !known;
        return new EvalRunPlan
        {
            SetName = set.Name, SetVersion = set.Version, SetHash = set.Hash, Simulated = set.Simulated, Tag = tag, Part = options.PartOf(parsed),
            Candidates = Candidates(policy, route, parsed.GetRequiredValue(options.Candidates)),
            Terms = RunTerms.Of(terms, scorer, ScoringHash(terms, route, named)),
            ReferenceAsked = beside ? Candidate(policy, route, policy.BaselineModel) : null, KnownAnswers = known,
            ReferenceTier = policy.ReferenceTier.Name, ReferenceModel = policy.BaselineModel.Name, Seed = parsed.GetValue(options.Seed), PolicyHash = policy.Hash,
        };
    }

    /// <summary>Everything that decides a grade, and nothing else of the policy: writing evidence into it must not make another run of the same.</summary>
    private static string ScoringHash(EvalTerms terms, Route route, NamedPolicy named)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{terms.ScoreWord}\n{terms.Tolerance:R}\n{terms.Pattern}\n{terms.Rubric}\n{terms.Judge}\n");
        if (terms.Score == ScoreKind.Schema && terms.Schema is { } file && named.File.Files.TryGetValue(file, out var schema)) text.Append(Convert.ToHexStringLower(SHA256.HashData(schema.Span)));
        if (terms.Score == ScoreKind.Checks) text.AppendJoin('\n', route.CheckTexts);
        if (terms.Score == ScoreKind.Code && terms.Command is { } command && named.Snapshot.Commands.TryGetValue(command, out var allowed)) text.Append(allowed.ToString());
        if (terms.Judge is { } judge && named.Snapshot.Tags.TryGetValue(judge, out var judging)) text.Append(First(named.Snapshot, judging.Tier).UpstreamId);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16];
    }
}
