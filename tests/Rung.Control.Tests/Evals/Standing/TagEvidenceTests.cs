using System.Collections.Immutable;
using Rung.Control.Evals.Runs;
using Rung.Control.Evals.Standing;
using Rung.Control.Tests.Evals.Runs;
using Rung.Core.Guarantees;
using Rung.Core.Policies;
using Rung.Core.Prices;

namespace Rung.Control.Tests.Evals.Standing;

/// <summary>What proved each tier, and runs as they stand on the shelf.</summary>
public sealed class TagEvidenceTests
{
    private static readonly DateOnly s_today = new(2026, 11, 22);

    [Fact]
    public void Every_tag_says_what_proved_its_tier_how_old_that_is_and_what_the_linter_says()
    {
        var judged = Judged("""
            version: 1
            tiers: { small: { models: [haiku] }, frontier: { models: [opus] } }
            models:
              haiku: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: haiku, price: { input: 1, output: 5 } }
              opus: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: opus, price: { input: 5, output: 25 } }
            tags:
              proved: { tier: small, owner: a, why: b, evidence: evidence/proved.json, eval: { max_age_days: 10 } }
              bare: { tier: small, owner: a, why: b }
              gap: { tier: small, owner: a, why: b, evidence: { missing: in_use, prove: "rung eval run" } }
              told: { tier: small, owner: a, why: b, evidence: "the pilot of May" }
              top: { tier: frontier, owner: a, why: b }
            default: { tier: frontier, owner: a, why: b }
            """, ("evidence/proved.json", EvalEvidenceFile.Write(Evidence("proved", s_today.AddDays(-12)))));

        var tags = TagEvidence.Of(judged, s_today).ToDictionary(tag => tag.Tag);

        Assert.Equal((EvidenceKind.Eval, 12, 10), (tags["proved"].Kind, tags["proved"].AgeDays, tags["proved"].MaxAgeDays));
        Assert.Contains(tags["proved"].Findings, finding => finding.Code == "RUNG041");
        Assert.False(tags["proved"].Holds); // It is older than it holds.
        Assert.Equal((EvidenceKind.None, false), (tags["bare"].Kind, tags["bare"].Holds));
        Assert.Contains(tags["bare"].Findings, finding => finding.Code == "RUNG003");
        Assert.Equal((EvidenceKind.StatedGap, "rung eval run"), (tags["gap"].Kind, tags["gap"].Gap!.Prove));
        Assert.Equal((EvidenceKind.Words, "the pilot of May"), (tags["told"].Kind, tags["told"].Named));
        Assert.Equal((EvidenceKind.NotNeeded, true), (tags["top"].Kind, tags["top"].Holds));
        Assert.Equal("top", TagEvidence.Of(judged, s_today)[^1].Tag);
    }

    [Fact]
    public void Evidence_that_is_young_enough_holds()
    {
        var judged = Judged("""
            version: 1
            tiers: { small: { models: [haiku] }, frontier: { models: [opus] } }
            models:
              haiku: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: haiku, price: { input: 1, output: 5 } }
              opus: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: opus, price: { input: 5, output: 25 } }
            tags: { proved: { tier: small, owner: a, why: b, evidence: evidence/proved.json } }
            default: { tier: frontier, owner: a, why: b }
            """, ("evidence/proved.json", EvalEvidenceFile.Write(Evidence("proved", s_today.AddDays(-1)))));

        var tag = Assert.Single(TagEvidence.Of(judged, s_today));

        Assert.Empty(tag.Findings.Where(finding => finding.Severity >= LintSeverity.Warning));
        Assert.True(tag.Holds);
    }

    [Fact]
    public async Task The_shelf_says_of_a_run_what_the_report_says_and_keeps_it_for_a_while()
    {
        await using var folder = await EvalRunFolder.MakeAsync(120);
        folder.Models.Says = (model, _) => model == "haiku" ? "yes" : "no";
        var (report, _) = await folder.RunAsync(folder.Plan("haiku", "tiny"));
        using var shelf = new RunShelf(folder.Store, TimeProvider.System);
        var policy = AnyEval.Policy("default: { tier: frontier }");

        var run = Assert.Single(await shelf.ListAsync(default));
        var read = (await shelf.FindAsync(run.Run.Id, policy, default))!;

        Assert.Equal(report.Candidates.Select(candidate => candidate.Sentence), read.Report!.Candidates.Select(candidate => candidate.Sentence));
        Assert.Equal([EvalDecision.Eligible, EvalDecision.NotEligible], read.Report.Candidates.Select(candidate => candidate.Decision));
        Assert.Equal(EvalRunText.About(report), EvalRunText.About(read.Report));
        Assert.Null(read.Judge);
        Assert.Same(read.Report, (await shelf.FindAsync(run.Run.Id, policy, default))!.Report);
        Assert.Null(await shelf.FindAsync("r-none", policy, default));
        Assert.Same(read, await shelf.ReadSoonAsync(run, policy, TimeSpan.Zero, default)); // Kept: no wait.

        using var cold = new RunShelf(folder.Store, TimeProvider.System);
        var soon = await cold.ReadSoonAsync(run, policy, TimeSpan.FromMinutes(1), default);
        Assert.Equal(report.Candidates.Select(candidate => candidate.Sentence), soon!.Report!.Candidates.Select(candidate => candidate.Sentence));
    }

    private static JudgedPolicy Judged(string yaml, params (string Name, byte[] Bytes)[] files)
    {
        var all = files.ToImmutableSortedDictionary(file => file.Name, file => (ReadOnlyMemory<byte>)file.Bytes, StringComparer.Ordinal);
        var compiled = PolicyCompiler.Compile(new PolicySource("rung.yaml", yaml, name => all.TryGetValue(name, out var bytes) ? bytes : (ReadOnlyMemory<byte>?)null), PriceBook.Embedded, s_today);
        Assert.True(compiled.Snapshot is not null, string.Join('\n', compiled.Faults.Select(fault => fault.ToString())));
        return new JudgedPolicy(compiled.Snapshot!, all, compiled.Lints);
    }

    private static EvalEvidence Evidence(string tag, DateOnly date) => new()
    {
        Tag = tag, Date = date, Run = "r-1", SetName = "set", SetVersion = 1, SetHash = new string('0', 64), Part = "test", Rows = 200, Scorer = "exact", ReferenceTier = "frontier", ReferenceId = "opus",
        Margin = 0.03, Confidence = 0.95, Method = "a test", Multiplicity = "one", Candidates =
        [
            new EvalEvidenceModel
            {
                Name = "haiku", Id = "haiku", Rows = 200, Groups = 200, Quality = 0.98, ReferenceQuality = 0.98, Difference = 0, Bound = -0.01, BoundAt = 0.95, PValue = 0.001, Decision = EvalDecision.Eligible,
                Sentence = "eligible",
            },
        ],
    };
}
