using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rung.Control.Evals.Judging;
using Rung.Control.Evals.Runs;
using Rung.Control.Evals.Scoring;
using Rung.Core.Policies;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Demo.Ledgers;

/// <summary>The eval sets of the made-up past, their runs, and the tests of the judge. Real runs, over simulated models.</summary>
internal sealed class WorldEvals(Ledger ledger, ContentStore store, Func<Task<PolicySnapshot>> policyInForce, TimeProvider clock, long seed)
{
    private const int FirstNumber = 700_000; // Sessions that no call has.

    /// <summary>Puts candidates to a set of one job, made from sessions of their own.</summary>
    /// <param name="tag">The job: its terms grade.</param>
    /// <param name="rows">Rows of the set.</param>
    /// <param name="candidates">Models.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(string tag, int rows, IReadOnlyList<string> candidates, CancellationToken cancellationToken)
    {
        // 1. The set.
        var policy = await policyInForce();
        var set = await store.AddEvalSetAsync(new EvalSetDraft
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"{tag}-{rows}"), Tag = tag, MadeBy = "rung demo ledger", Seed = seed, Simulated = true, Rows = [.. Enumerable.Range(0, rows).Select(number => Row(tag, number))],
        }, cancellationToken);

        // 2. The plan.
        var route = policy.Tags[tag];
        var asker = new RunAsker(new WorldAsker(ledger, policy, clock, seed), store, clock);
        var scorer = Scorers.Of(route.Eval, route, policy, new ScoringWorld { Asker = asker, Seed = (ulong)seed });
        var plan = new EvalRunPlan
        {
            SetName = set.Name, SetVersion = set.Version, SetHash = set.Hash, Simulated = true, Tag = tag, Part = EvalPart.Test, Candidates = [.. candidates.Select(name => Candidate(policy, route, name))],
            Terms = RunTerms.Of(route.Eval, scorer, HashOf($"{route.Eval.ScoreWord}\n{route.Eval.Rubric}\n{route.Eval.Judge}")), ReferenceAsked = Candidate(policy, route, policy.BaselineModel.Name),
            ReferenceTier = policy.ReferenceTier.Name, ReferenceModel = policy.BaselineModel.Name, Seed = seed, PolicyHash = policy.Hash,
        };

        // 3. The run.
        var runner = new EvalRunner(store, asker, scorer, async (id, token) => (await ledger.FindCallAsync(id, token))?.CostNanoUsd, clock);
        var gradable = runner.Gradable(plan, await store.ReadEvalRowsAsync(set.Name, set.Version, cancellationToken));
        await runner.RunAsync(plan, await runner.IdAsync(plan, fresh: false, cancellationToken), gradable, new RunLimits { Concurrency = 1 }, _ => { }, cancellationToken);
    }

    /// <summary>Puts anchors, whose right verdicts are known, to the judge of a tag.</summary>
    public async Task TestJudgeAsync(string tag, CancellationToken cancellationToken)
    {
        var policy = await policyInForce();
        var items = Enumerable.Range(0, 24).Select(number => Anchor(tag, number)).ToList();
        await store.AddAnchorsAsync(tag, [.. items.Select(item => item.ToStored())], cancellationToken);
        var test = AnchorTest.Of(policy.Tags[tag], policy, new ScoringWorld { Asker = new WorldAsker(ledger, policy, clock, seed + clock.GetUtcNow().DayOfYear), Seed = (ulong)seed });
        await store.AddAnchorRunAsync(await test.RunAsync(items, clock, null, cancellationToken), cancellationToken);
    }

    private EvalRow Row(string tag, int number)
    {
        var step = WorldTexts.StepOf(seed, string.Create(CultureInfo.InvariantCulture, $"support-{FirstNumber + number}"), tag)!;
        var request = WorldTexts.Request(step);
        return new EvalRow
        {
            Id = $"r-{HashOf($"{tag}/{number}/{Encoding.UTF8.GetString(request)}")}", Position = number, Part = number % 3 == 0 ? EvalPart.Tune : EvalPart.Test, Request = request,
            Reference = WorldTexts.Message(WorldTexts.Answer(step, WorldAnswer.Right)), ReferenceSource = ReferenceSource.Given, ReferenceBy = "rung demo ledger",
            Origin = string.Create(CultureInfo.InvariantCulture, $"file tickets.jsonl:{number + 1}"), Stratum = number % 5 == 0 ? "urgent" : "usual",
        };
    }

    private AnchorItem Anchor(string tag, int number)
    {
        var step = WorldTexts.StepOf(seed, string.Create(CultureInfo.InvariantCulture, $"support-{FirstNumber + 5_000 + number}"), tag)!;
        var json = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { prompt = step.Prompt, good = WorldTexts.Answer(step, WorldAnswer.Right), bad = WorldTexts.Answer(step, WorldAnswer.Wrong) });
        return AnchorItem.Read(json) ?? throw new InvalidOperationException("An anchor that was just written cannot be read."); // A bug: both are part of the program.
    }

    private static RunCandidate Candidate(PolicySnapshot policy, Route route, string name)
    {
        var model = policy.Models.First(known => known.Name == name);
        return new RunCandidate { Name = name, Id = model.UpstreamId, Tier = policy.Ladder.FirstOrDefault(tier => tier.Pool.Contains(model.Index))?.Name, MaxTokens = route.MaxTokens, MaxTemperature = route.MaxTemperature };
    }

    private static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
