using Rung.Control.Evals;
using Rung.Control.Evals.Judging;
using Rung.Control.Evals.Judging.Simulation;
using Rung.Core.Policies;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Evals.Judging;

public sealed class JudgeOfJudgesTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("anthropic", "claude-haiku-4-5", "anthropic")]
    [InlineData("aws", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic")]
    [InlineData("azure", "gpt-5-mini", "openai")]
    [InlineData("openrouter", "openai/gpt-oss-120b", "openai")]
    [InlineData("openai-compatible", "qwen-7b-q4", "alibaba")]
    [InlineData("openai-compatible", "meta-llama/Llama-3.3-70B-Instruct", "meta")]
    [InlineData("openai-compatible", "DeepSeek-R1-Distill-Llama-70B", "deepseek")]
    [InlineData("openai-compatible", "mistralai/Mixtral-8x7B", "mistral")]
    [InlineData("openai-compatible", "our-finetune", null)]
    [InlineData("azure", "prod-deployment-2", null)]
    public void A_family_is_who_made_the_weights_whoever_serves_them(string provider, string id, string? family) => Assert.Equal(family, ModelFamilies.Of(provider, id));

    [Fact]
    public void A_judge_of_a_candidates_family_is_flagged_whatever_the_figures_say()
    {
        var report = JudgeHygieneReport.Of([Judged(1, "haiku", 1), Judged(2, "mini", 0), Judged(3, "strange", 1)], name => name switch { "opus" or "haiku" => "anthropic", "mini" => "openai", _ => null }, 0.95);

        Assert.Equal(["haiku"], report.OwnFamilyCandidates);
        Assert.Equal(["strange"], report.UnknownFamilyCandidates);
        Assert.Contains(report.Warnings, warning => warning.Contains("one family (anthropic)", StringComparison.Ordinal));
        Assert.Null(report.Self.Excess);
        Assert.Equal(0.5, report.TieRate!.Value.Estimate); // Three of six verdicts.
    }

    [Fact]
    public void Malformed_replies_are_counted_by_questions()
    {
        var late = Judged(1, "haiku", 1) with { Verdicts = [new JudgeVerdict { Model = "opus", Score = 1, Attempts = 2 }] };
        var never = Judged(2, "haiku", 1) with { Score = null, Verdicts = [new JudgeVerdict { Model = "opus", Score = null, Attempts = 3 }] };

        var report = JudgeHygieneReport.Of([late, never], _ => null, 0.95);

        Assert.Equal((2, 2, 1, 4.0 / 5), (report.Verdicts, report.AskedAgain, report.Missing, report.MalformedRate!.Value.Estimate));
    }

    [Fact]
    public void A_judge_opens_a_gate_by_the_lower_end_of_kappa_and_never_with_few_items()
    {
        var terms = new EvalTerms { JudgeKappa = 0.6 };
        JudgeTrust Trust(int items, int wrong) => JudgeTrust.Of(JudgeAgreement.Of(Pairs(items, wrong), 0.95), terms, drift: null);

        Assert.False(Trust(29, 0).MayOpenGate);
        Assert.Contains("at least 30 are needed. Label 1 more.", Trust(29, 0).Words);
        Assert.True(Trust(200, 10).MayOpenGate); // κ 0.9
        var near = Trust(60, 9); // κ 0.7, but not surely 0.6.
        Assert.False(near.MayOpenGate);
        Assert.Contains("labels would settle it", near.Words);
        Assert.Contains("more labels will hardly help", Trust(400, 100).Words); // κ 0.5
    }

    [Fact]
    public void A_judge_that_says_the_same_of_everything_has_no_kappa_and_no_gate()
    {
        var same = Pairs(80, 0).Select(pair => pair with { Judge = 1, Human = 1 }).ToList();

        var trust = JudgeTrust.Of(JudgeAgreement.Of(same, 0.95), new EvalTerms(), drift: null);

        Assert.False(trust.MayOpenGate);
        Assert.Contains("Label answers of both kinds", trust.Words);
    }

    [Fact]
    public void Several_people_on_one_answer_are_one_item()
    {
        var twice = Pairs(40, 4).SelectMany(pair => new[] { pair, pair with { Reviewer = "b" } }).ToList();

        Assert.Equal(40, JudgeAgreement.Of(twice, 0.95).Items);
    }

    [Fact]
    public void Anchors_that_a_new_version_gets_wrong_raise_an_alarm_that_names_it()
    {
        var first = Anchors(1, "v1", right: 38, of: 40);
        var drifted = Anchors(3, "v2", right: 24, of: 40);

        var quiet = AnchorDrift.Of(Anchors(2, "v1", right: 37, of: 40), [first]);
        var alarm = AnchorDrift.Of(drifted, [first, Anchors(2, "v1", right: 37, of: 40)]);

        Assert.False(quiet.IsAlarm);
        Assert.Contains("37 of 40 anchors right, 38 then", quiet.Words);
        Assert.True(alarm.IsAlarm);
        Assert.Equal(2, alarm.Comparisons.Count);
        Assert.Contains("reports another version (v1 then, v2 now)", alarm.Words);
        Assert.False(JudgeTrust.Of(JudgeAgreement.Of(Pairs(200, 4), 0.95), new EvalTerms(), alarm).MayOpenGate);
        Assert.Empty(AnchorDrift.Of(drifted with { Terms = "other rubric" }, [first]).Comparisons);
    }

    [Fact]
    public void Unchanged_anchors_raise_an_alarm_about_as_rarely_as_stated()
    {
        var chance = new Random(5);
        var alarms = 0;
        for (var i = 0; i < 200; i++)
        {
            // Each anchor has its own chance of being right; both runs draw from it.
            var ease = Enumerable.Range(0, 50).Select(_ => 0.5 + (chance.NextDouble() / 2)).ToArray();
            JudgeAnchorRun Draw(int id) => Run(id, "v1", [.. ease.Select(p => chance.NextDouble() < p)]);
            if (AnchorDrift.Of(Draw(2), [Draw(1)]).IsAlarm) alarms++;
        }
        Assert.InRange(alarms, 0, 7); // 2 are stated; 7 is more than three standard errors above.
    }

    [Fact]
    public async Task Anchors_are_judged_in_the_words_of_the_tag_and_a_pair_is_right_when_the_good_one_wins()
    {
        var policy = AnyEval.Policy("""
            tags:
              job: { tier: small, why: x, eval: { score: rubric, judge: judge-job, rubric: "Names the city." } }
              judge-job: { tier: frontier, why: judges }
            default: { tier: frontier, why: x }
            """);
        var judge = new ScriptedJudge(question => AnyEval.Text(question).Contains("Paris", StringComparison.Ordinal) ? """{"reason":"r","score":1}""" : """{"reason":"w","score":0.25}""");
        var items = AnchorItem.ReadAll(
            [
                """{"prompt":"Capital of France?","good":"Paris","bad":"Lyon"}""",
                """{"prompt":"Capital of France?","good":"Lyon","bad":"Paris"}""",
                """{"request":{"messages":[{"role":"user","content":"Capital?"}]},"answer":"Paris.","score":0.75}""", "",
                """{"prompt":"Capital?","answer":"Rome","score":1}""",
            ],
            "anchors.jsonl");
        var stored = items.Select(item => AnchorItem.Read(item.ToStored().Item)!).ToList();

        var run = await AnchorTest.Of(policy.Tags["job"], policy, AnyEval.World(judge)).RunAsync(stored, new FixedTime(s_noon), progress: null, CancellationToken.None);

        Assert.Equal(items.Select(item => item.Id), stored.Select(item => item.Id));
        Assert.Equal([true, false, true, false], run.Scores.Select(score => score.IsRight!.Value));
        Assert.Equal([0.875, 0.125, 1, 0.25], run.Scores.Select(score => score.Score!.Value));
        Assert.Equal(("opus", "judge-2026-11-01", 6_000L, s_noon), (run.Model, run.Version, run.CostNanoUsd, run.At));
        Assert.All(judge.Asked, question => Assert.Contains("Names the city.", AnyEval.Text(question)));
    }

    [Fact]
    public void A_line_that_is_no_anchor_or_no_label_is_named()
    {
        Assert.Contains("a.jsonl:2 is no anchor", Assert.Throws<EvalException>(() => AnchorItem.ReadAll(["""{"prompt":"x","answer":"y","score":1}""", """{"prompt":"x","good":"y"}"""], "a.jsonl")).Problem);
        Assert.Contains("l.csv:3 is no label", Assert.Throws<EvalException>(() => HumanLabel.ReadAll(["row,candidate,score", "r-1,haiku,1", "r-2,haiku,fine"], "l.csv")).Problem);
    }

    [Fact]
    public void Labels_are_read_from_lines_and_tables_alike()
    {
        var lines = HumanLabel.ReadAll(["""{"row":"r-1","candidate":"haiku","score":0.5,"reviewer":"kim","weight":2}""", """{"row_id":"r-2","label":"good"}"""], "l.jsonl");
        var table = HumanLabel.ReadAll(["row, candidate, label, by, weight", "r-1,haiku,tie,kim,2", "r-2,,good,,"], "l.csv");

        Assert.Equal(lines, table);
        Assert.Equal([new HumanLabel("r-1", "haiku", 0.5, "kim", 2), new HumanLabel("r-2", null, 1, null, 1)], lines);
    }

    [Fact]
    public void The_report_finds_and_sizes_the_leanings_of_a_simulated_judge_and_its_intervals_keep_their_word()
    {
        var leanings = JudgeLeanings.Parse("position=0.1,length=0.05,self=0.08");

        var found = JudgeSimulation.Run(leanings, rows: 200, labelled: 50, repetitions: 500, seed: 1, confidence: 0.95, progress: null, CancellationToken.None);

        foreach (var bias in (FoundBias[])[found.Position, found.Length, found.Self])
        {
            Assert.InRange(bias.Coverage, 0.92, 1);
            Assert.InRange(bias.MeanEstimate, bias.Truth - 0.015, bias.Truth + 0.015);
            Assert.Equal(500, bias.Runs);
        }
        Assert.True(found.Position.Detected > 0.99);
        Assert.Equal(500, found.Flagged);
        Assert.All(found.Quality, quality =>
        {
            Assert.InRange(quality.Coverage, 0.93, 1);
            Assert.InRange(quality.WidthRatio, 0.5, 0.9);
        });
        Assert.InRange(found.Quality[0].JudgeMean - found.Quality[0].Truth, 0.06, 0.1); // By the judge alone its cousin would look better than it is.
    }

    [Fact]
    public void A_judge_without_leanings_is_not_accused_of_any()
    {
        var found = JudgeSimulation.Run(JudgeLeanings.Parse("none=0"), rows: 200, labelled: 100, repetitions: 200, seed: 3, confidence: 0.95, progress: null, CancellationToken.None);

        Assert.All((FoundBias[])[found.Position, found.Length, found.Self], bias => Assert.InRange(bias.Detected, 0, 0.1));
    }

    [Fact]
    public void The_same_seed_gives_the_same_simulation_and_impossible_leanings_are_refused()
    {
        JudgeSimulation Run() => JudgeSimulation.Run(JudgeLeanings.Parse("position=0.2"), 40, 10, 5, seed: 9, 0.95, progress: null, CancellationToken.None);

        Assert.Equal(Run().Position, Run().Position);
        Assert.Throws<EvalException>(() => JudgeLeanings.Parse("position=0.2,self=0.1"));
        Assert.Throws<EvalException>(() => JudgeLeanings.Parse("charm=1"));
    }

    private static JudgedAnswer Judged(int row, string candidate, double score) => new()
    {
        RowId = $"r-{row}", Candidate = candidate, Score = score,
        Verdicts = [new JudgeVerdict { Model = "opus", CandidateFirst = true, Score = 0.5, CandidateChars = 10, ReferenceChars = 20 }, new JudgeVerdict { Model = "opus", CandidateFirst = false, Score = score }],
    };

    /// <summary>Half good and half bad by people; the judge is wrong about some, as often either way.</summary>
    private static List<DoublyJudged> Pairs(int items, int wrong) =>
    [
        .. Enumerable.Range(0, items).Select(i => new DoublyJudged
        {
            Tag = "job", Run = "run", RowId = $"r-{i}", Candidate = "haiku", Model = "opus", Reviewer = "a", Scale = JudgeScale.Grade, Human = i % 2, Judge = i < wrong ? 1 - (i % 2) : i % 2, At = s_noon,
        }),
    ];

    private static JudgeAnchorRun Anchors(int id, string version, int right, int of) => Run(id, version, [.. Enumerable.Range(0, of).Select(i => i < right)]);

    private static JudgeAnchorRun Run(int id, string version, bool[] right) => new()
    {
        Id = id, Tag = "job", JudgeTag = "judge-job", At = s_noon.AddDays(id), Model = "opus", Version = version, Terms = "t",
        Scores = [.. right.Select((isRight, i) => new JudgeAnchorScore($"a-{i:00}", isRight ? 1 : 0.25, isRight, 2))],
    };

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
