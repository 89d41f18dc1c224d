using System.Net;
using System.Text;
using Rung.Control.Evals.Runs;
using Rung.Core.Guarantees;
using Rung.Core.Spans;
using Rung.Storage.Content;

namespace Rung.Tests.Dashboard;

/// <summary>The pages on evidence: what proved each tier, runs with their decisions, sets, and whether scores mean what they say.</summary>
public sealed class EvidencePageTests
{
    private const string Policy = """
        version: 1
        tiers: { small: { models: [little] }, frontier: { models: [big] } }
        models:
          little: { provider: openai-compatible, url: "http://127.0.0.1:9/v1", id: little, price: { input: 1, output: 2 } }
          big: { provider: openai-compatible, url: "http://127.0.0.1:9/v1", id: big, price: { input: 10, output: 20 } }
        tags:
          sort: { tier: small, owner: team-a, why: "Cheap.", checks: [ { length: { max: 100 } } ], escalate: { to: frontier, on: [check_failed] }, evidence: sort.json }
          bare: { tier: small, owner: team-a, why: "Cheap." }
          answer: { tier: frontier, owner: team-b, why: "People read it." }
        default: { tier: frontier, owner: team-b, why: "Unknown." }
        """;

    [Fact]
    public async Task Each_tag_shows_its_evidence_its_age_and_what_the_linter_says()
    {
        await using var gateway = await StartAsync();

        var html = await gateway.PageAsync("/evidence");

        Assert.Contains("0 of 2 tags below the reference tier have evidence that holds", html); // The certificate is of other checks.
        Assert.Contains("with 95 % confidence at most 2 %", html);
        Assert.Contains("RUNG037", html);
        Assert.Contains("RUNG003", html);
        Assert.Contains("5 days", html);
        Assert.Contains("not needed", html);
        Assert.Contains("No eval has been run yet", html);
    }

    [Fact]
    public async Task A_run_shows_each_candidates_interval_against_the_reference_and_the_margin_and_its_decision_in_words()
    {
        await using var gateway = await StartAsync();
        await RunAsync(gateway.Content!, rows: 150, wrong: 2);

        await gateway.PageAsync("/evidence/runs/r-1"); // Waits for the report, which the list does not.
        var list = await gateway.PageAsync("/evidence");
        Assert.DoesNotContain("are being read", list);
        Assert.Contains("href=\"/evidence/runs/r-1\"", list);
        Assert.Contains("href=\"/evidence/sets/intent/1\"", list);
        Assert.Contains("eligible", list);

        var run = await gateway.PageAsync("/evidence/runs/r-1");
        var report = await new EvalRunReporter(gateway.Content!, new NobodyJudges()).ReportAsync((await gateway.Content!.FindEvalRunAsync("r-1", default))!, false, null, default);
        Assert.Contains(WebUtility.HtmlEncode(report.Candidates[0].Sentence).Replace("&#x2013;", "–"), run);
        Assert.Contains("as good as the reference (0 points); the margin (-5 points)", run);
        Assert.Contains("class=\"range\"", run);
        Assert.Contains("wrong value", run);
        Assert.Contains("150 rows in 150 groups", run);
        Assert.DoesNotContain("style=", run);

        var set = await gateway.PageAsync("/evidence/sets/intent");
        Assert.Contains("intent@1", set);
        Assert.Contains("150 rows", set);
        Assert.Contains("href=\"/evidence/runs/r-1\"", set);
        foreach (var missing in (string[])["/evidence/runs/r-none", "/evidence/sets/none", "/evidence/sets/intent/7", "/evidence/calibration/none"])
        {
            using var reply = await gateway.Client.GetAsync(missing);
            Assert.True(reply.StatusCode == HttpStatusCode.NotFound, missing);
        }
    }

    [Fact]
    public async Task A_verifiers_scores_are_held_against_what_was_said_of_the_same_answers()
    {
        await using var gateway = await StartAsync();
        var now = DateTimeOffset.UtcNow.AddMinutes(-5);
        await gateway.Ledger.AppendAsync([.. Enumerable.Range(0, 60).Select(i => Call(now, i))], default);
        await gateway.Ledger.AppendVerdictsAsync(
            [.. Enumerable.Range(0, 60).Select(i => new VerdictRecord { Id = $"v{i}", CallId = Id(now, i), Kind = VerdictKind.Judge, Score = i % 2, Weight = 1, By = "judge", At = now })], default);

        var html = await gateway.PageAsync("/evidence/calibration/sort?days=7");

        Assert.Contains("By judges and reviewers", html);
        Assert.Contains("role=\"img\"", html);
        Assert.Contains("Reliability diagram of 60 answers", html);
        Assert.Contains("too sure", html); // Scored 0.95, and half of them are good.
        Assert.Contains("-45 points", html);
        using var wrong = await gateway.Client.GetAsync("/evidence/calibration/sort?days=0");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Contains("Not enough data yet", await gateway.PageAsync("/evidence/calibration/bare"));
    }

    private static Task<DashboardGateway> StartAsync() => DashboardGateway.StartAsync(Policy, withContent: true, files: new Dictionary<string, byte[]>
    {
        ["sort.json"] = CertificateFile.Write(new Certificate
        {
            Tag = "sort", Date = DateOnly.FromDateTime(DateTime.UtcNow.AddDays(-5)), Weak = new CertifiedModel("little", "little"), Strong = new CertifiedModel("big", "big"), QualityLoss = 0.02, Confidence = 0.95,
            Test = RiskTest.Binomial, Threshold = null, RuleSha256 = new string('0', 64), Rows = 500, Groups = 480, Loss = 0.004, Bound = 0.018, KeptShare = 0.81,
        }),
    });

    private static async Task RunAsync(ContentStore store, int rows, int wrong)
    {
        var set = await store.AddEvalSetAsync(new EvalSetDraft
        {
            Name = "intent", Tag = "sort", MadeBy = "a test",
            Rows = [.. Enumerable.Range(0, rows).Select(i => new EvalRow
            {
                Id = $"r-{i:x16}", Position = i, Part = EvalPart.Test, Origin = $"made up {i}", ReferenceSource = ReferenceSource.Model, ReferenceBy = "big", ReferenceCostNanoUsd = 10_000,
                Request = Encoding.UTF8.GetBytes($$"""{"messages":[{"role":"user","content":"{{i}}"}]}"""), Reference = """{"content":"yes"}"""u8.ToArray(),
            })],
        }, default);
        var plan = new EvalRunPlan
        {
            SetName = set.Name, SetVersion = set.Version, SetHash = set.Hash, Tag = "sort", Part = EvalPart.Test, ReferenceTier = "frontier", ReferenceModel = "big", PolicyHash = "x",
            Candidates = [new RunCandidate { Name = "little", Id = "little", Tier = "small" }],
            Terms = new RunTerms { Score = "exact", Scorer = "exact text", ScoringHash = "1", Margin = 0.05, Confidence = 0.95, MaxAgeDays = 90 },
        };
        await store.BeginEvalRunAsync(new EvalRun { Id = "r-1", SetName = set.Name, SetVersion = set.Version, SetHash = set.Hash, Tag = "sort", Part = EvalPart.Test, Plan = plan.ToJson(), BegunAt = DateTimeOffset.UtcNow }, default);
        foreach (var row in await store.ReadEvalRowsAsync(set.Name, set.Version, default))
        {
            await store.SaveEvalAnswerAsync("r-1", row, new EvalRunAnswer { Candidate = "little", RowId = row.Id, Status = EvalAnswerStatus.Answered, CostNanoUsd = 1_000, LatencyMicros = 5_000, Message = """{"content":"yes"}"""u8.ToArray() }, default);
            await store.SaveEvalGradeAsync("r-1", "little", row.Id, new EvalRunGrade { Score = row.Position < wrong ? 0 : 1, Kind = row.Position < wrong ? "wrong value" : null }, default);
        }
        await store.EndEvalRunAsync("r-1", default);
    }

    private static string Id(DateTimeOffset at, int number) => at.ToUnixTimeMilliseconds().ToString("x12", System.Globalization.CultureInfo.InvariantCulture) + number.ToString("x20", System.Globalization.CultureInfo.InvariantCulture);

    private static CallRecord Call(DateTimeOffset at, int number) => new()
    {
        Id = Id(at, number), StartedAt = at, Tag = "sort", Route = "sort", Tier = "small", Model = "little", Status = CallStatus.Answered, PolicyRevision = 1, PolicyHash = "x",
        Attempts =
        [
            new AttemptRecord
            {
                Ordinal = 0, Kind = AttemptKind.First, Model = "little", Provider = "openai-compatible", Tier = "small", Propensity = 1, StartedAt = at, Outcome = AttemptOutcome.Completed,
                Checks = [new CheckVerdict("verifier", true, null) { Score = 0.95 }],
            },
        ],
    };

    private sealed class NobodyJudges : IJudgeTrust
    {
        public Task<JudgeStanding?> OfAsync(EvalRun run, RunTerms terms, CancellationToken cancellationToken) => Task.FromResult<JudgeStanding?>(null);
    }
}
