using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rung.Control.Evals.Scoring;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Runs;

/// <summary>The rows of a stored run that have the grades of two models.</summary>
public sealed record GradedPairs
{
    /// <summary>The rows, by their position in the set.</summary>
    public required IReadOnlyList<GradedPair> Rows { get; init; }
    /// <summary>Rows of the part that the run was about.</summary>
    public required int OfPart { get; init; }
    /// <summary>Name of the weak model, as the upstream knows it.</summary>
    public required string WeakId { get; init; }
    /// <summary>Name of the strong model: as the upstream knows it where it was a candidate, else the policy's.</summary>
    public required string StrongId { get; init; }
    /// <summary>The run, its set and part, in words.</summary>
    public required string Name { get; init; }
    /// <summary>SHA-256 over rows, answers and grades, 64 lower-case hexadecimal digits: other rows, another hash.</summary>
    public required string Sha256 { get; init; }
    /// <summary>Whether the numbers come from simulated or made-up models or traffic.</summary>
    public required bool IsSimulated { get; init; }
    /// <summary>Whether rows stand for different numbers of calls: they count alike here.</summary>
    public required bool HasWeights { get; init; }

    /// <summary>Reads them.</summary>
    /// <param name="store">The store.</param>
    /// <param name="run">The run.</param>
    /// <param name="part">Tune to learn from, Test to decide.</param>
    /// <param name="weak">The weak model, a candidate of the run: the policy's name or the upstream's.</param>
    /// <param name="strong">The strong model: another candidate, or the reference model or tier, whose answers then are the references that it wrote.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="EvalException">The run has not both, or no row of that part.</exception>
    public static async Task<GradedPairs> ReadAsync(ContentStore store, EvalRun run, EvalPart part, string weak, string strong, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(run);
        var plan = EvalRunPlan.Parse(run.Plan);
        var word = part.ToString().ToLowerInvariant();
        if (run.Part is { } only && only != part)
            throw new EvalException($"Run {run.Id} asked about the {only.ToString().ToLowerInvariant()} part of {run.SetName}@{run.SetVersion}, and not about its {word} part.", $"Ask about it: rung eval run --set {run.SetName} --part {word} --candidates {string.Join(",", plan.Candidates.Select(one => one.Name))}");
        var cheap = Find(plan, weak) ?? throw new EvalException($"{weak} is no candidate of run {run.Id}.", $"Its candidates: {string.Join(", ", plan.Candidates.Select(one => one.Name))}.");
        var dear = Find(plan, strong);
        if (dear is null && strong != plan.ReferenceModel && strong != plan.ReferenceTier)
            throw new EvalException($"{strong} is neither a candidate of run {run.Id} nor its reference, {plan.ReferenceModel}.", $"Run it as a candidate too: rung eval run --set {run.SetName} --candidates {weak},{strong}");
        if (dear == cheap) throw new EvalException("The weak model and the strong one are the same.", "Name two models.");

        var rows = (await store.ReadEvalRowsAsync(run.SetName, run.SetVersion, cancellationToken)).Where(row => row.Part == part).OrderBy(row => row.Position).ToList();
        var answers = (await store.ReadEvalAnswersAsync(run.Id, withContent: true, cancellationToken)).ToDictionary(answer => (answer.Candidate, answer.RowId));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{run.SetHash}\n{word}\n{cheap.Id}\n{dear?.Id ?? plan.ReferenceModel}\n"));
        var (pairs, ofOthers) = (new List<GradedPair>(), 0);
        foreach (var row in rows)
        {
            if (Pair(row, cheap, dear, plan, answers, ref ofOthers) is not { } pair) continue;
            pairs.Add(pair);
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{row.Id}\t{pair.WeakScore:R}\t{pair.StrongScore:R}\n")));
            hash.AppendData(pair.WeakAnswer.Content.Span);
        }
        if (pairs.Count == 0 && ofOthers > 0)
            throw new EvalException($"The references of {run.SetName}@{run.SetVersion} were not written by {strong}, so its grade is not known.", $"Run it as a candidate too: rung eval run --set {run.SetName} --candidates {cheap.Name},{strong}");
        if (pairs.Count == 0) throw new EvalException($"No row of the {word} part of {run.SetName}@{run.SetVersion} has the grades of both {weak} and {strong} in run {run.Id}.", "Let the run come to its end: rung eval run, with the same options.");
        return new GradedPairs
        {
            Rows = pairs, OfPart = rows.Count, WeakId = cheap.Id, StrongId = dear?.Id ?? plan.ReferenceModel,
            Name = $"eval {run.SetName}@{run.SetVersion} ({word} part), run {run.Id}", Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset()),
            IsSimulated = plan.Simulated, HasWeights = rows.Any(row => Math.Abs(row.Weight - rows[0].Weight) > 1e-9 * rows[0].Weight),
        };
    }

    private static RunCandidate? Find(EvalRunPlan plan, string name) =>
        plan.Candidates.FirstOrDefault(one => one.Name == name) ?? plan.Candidates.FirstOrDefault(one => one.Id == name);

    private static GradedPair? Pair(EvalRow row, RunCandidate weak, RunCandidate? strong, EvalRunPlan plan, Dictionary<(string, string), EvalRunAnswer> answers, ref int ofOthers)
    {
        if (answers.GetValueOrDefault((weak.Name, row.Id)) is not { Grade.Score: { } weakScore } cheap) return null;
        var context = MessageReading.Context(row.Request);
        if (MessageReading.Answer(cheap.Message, cheap.FinishReason, context) is not { } answer) return null;

        double strongScore;
        long? strongCost;
        // The reference's own model may have been asked beside the candidates.
        if ((strong ?? (plan.AsksReference(row) ? plan.ReferenceAsked : null)) is { } asked)
        {
            if (answers.GetValueOrDefault((asked.Name, row.Id)) is not { Grade.Score: { } graded } dear) return null;
            (strongScore, strongCost) = (graded, dear.UnknownPriceAttempts == 0 ? dear.CostNanoUsd : null);
        }
        else
        {
            // A reference that a person wrote, or that came with the data, says nothing about the strong model's own answers.
            if (row.ReferenceSource != ReferenceSource.Model || (row.ReferenceBy is { } by && by != plan.ReferenceModel))
            {
                ofOthers++;
                return null;
            }
            (strongScore, strongCost) = (cheap.Grade.ReferenceScore ?? 1, row.ReferenceCostNanoUsd ?? cheap.BaselineNanoUsd);
        }
        return new GradedPair
        {
            RowId = row.Id, Group = row.Group ?? row.Id, WeakAnswer = answer, WeakScore = weakScore, StrongScore = strongScore,
            WeakCostNanoUsd = cheap.UnknownPriceAttempts == 0 ? cheap.CostNanoUsd : null, StrongCostNanoUsd = strongCost,
        };
    }
}
