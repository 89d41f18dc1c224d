using System.Collections.Immutable;
using System.Text;
using Rung.Core.Guarantees;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Statistics;

namespace Rung.Core.Tests.Guarantees;

/// <summary>Evidence of evals as files, and what lints make of it: each code is provoked once, and good evidence provokes none.</summary>
public sealed class EvalEvidenceTests
{
    private static readonly DateOnly s_today = new(2026, 11, 22);

    [Fact]
    public void What_is_written_is_read_again()
    {
        var evidence = Some() with { Judge = new EvalEvidenceJudge("judge", 0.8, 0.7, 60), Profile = Profile("Where is my parcel?").ToJson() };

        var read = EvalEvidenceFile.Read(EvalEvidenceFile.Write(evidence), out var fault);

        Assert.Null(fault);
        Assert.Equal(EvalEvidenceFile.Write(evidence), EvalEvidenceFile.Write(read!));
        Assert.Equal(evidence.Judge, read!.Judge);
        Assert.Equal((EvalDecision.Eligible, 0.88), (read.Candidates[0].Decision, read.Candidates[0].Saving));
        Assert.NotNull(InputProfile.Parse(read.Profile!));
    }

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("{\"kind\":\"rung-eval\"}", "missing")]
    [InlineData("{\"kind\":\"rung-eval\",\"format\":9}", "reads 1")]
    [InlineData("{\"kind\":\"other\",\"format\":1}", "no evidence")]
    [InlineData("[]", "missing")]
    public void What_is_no_evidence_says_why(string text, string expected)
    {
        Assert.Null(EvalEvidenceFile.Read(Encoding.UTF8.GetBytes(text), out var fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("user_visible: true")]
    public void A_tag_with_good_evidence_lints_clean(string more) => Assert.Empty(Lints(Some(), more: more));

    [Fact]
    public void Old_evidence_is_told() => Provokes("RUNG041", Some() with { Date = s_today.AddDays(-91) }, "91 days old");

    [Fact]
    public void A_model_with_another_id_is_told() =>
        Provokes("RUNG042", Some() with { Candidates = [Some().Candidates[0] with { Id = "haiku-3" }] }, "as haiku-3; the policy now has it as haiku-4");

    [Fact]
    public void A_model_that_reports_itself_otherwise_is_told()
    {
        var observed = new PolicyObservations { Reported = ImmutableDictionary<string, string>.Empty.Add("haiku", "haiku-4-2026-11") };

        Provokes("RUNG042", Some(), "now reports itself as haiku-4-2026-11", observed);
        Assert.Empty(Lints(Some(), new PolicyObservations { Reported = ImmutableDictionary<string, string>.Empty.Add("haiku", "haiku-4-2026-10") }));
    }

    [Fact]
    public void Another_reference_is_told() => Provokes("RUNG042", Some() with { ReferenceId = "opus-1" }, "opus-5 is the reference now");

    [Fact]
    public void Evidence_of_another_tag_speaks_for_nothing() => Provokes("RUNG043", Some() with { Tag = "other" }, "about tag other");

    [Fact]
    public void Evidence_about_other_models_speaks_for_nothing() =>
        Provokes("RUNG043", Some() with { Candidates = [Some().Candidates[0] with { Name = "nano", Id = "nano" }] }, "is not about haiku");

    [Fact]
    public void A_candidate_that_was_not_eligible_is_told() =>
        Provokes("RUNG043", Some() with { Candidates = [Some().Candidates[0] with { Decision = EvalDecision.CannotBeSaid, Sentence = "haiku: cannot be said" }] }, "cannot be said");

    [Fact]
    public void Weaker_terms_than_the_policys_are_told() => Provokes("RUNG043", Some() with { Margin = 0.05 }, "now asks for 0.03");

    [Fact]
    public void A_file_that_cannot_be_read_speaks_for_nothing() =>
        Assert.Contains(Lints(Encoding.UTF8.GetBytes("{\"kind\":\"rung-eval\",\"format\":1}")), lint => lint.Code == "RUNG043");

    [Fact]
    public void Inputs_that_drifted_are_told()
    {
        var evidence = Some() with { Profile = Profile("Where is my parcel?").ToJson() };

        Provokes("RUNG044", evidence, "no longer", new PolicyObservations { Inputs = ImmutableDictionary<string, InputProfile>.Empty.Add("t", Profile("Пожалуйста, переведите этот длинный договор на английский язык и объясните каждый его пункт по отдельности.")) });
        Assert.Empty(Lints(evidence, new PolicyObservations { Inputs = ImmutableDictionary<string, InputProfile>.Empty.Add("t", Profile("Where is my parcel?")) }));
    }

    [Theory]
    [InlineData(null, "never measured")]
    [InlineData(0.55, "lower bound of 0.55")]
    public void A_judge_that_is_not_trusted_is_told(double? kappa, string expected) => Provokes("RUNG045", Some() with { Judge = new EvalEvidenceJudge("judge", kappa + 0.1, kappa, 40) }, expected);

    private static void Provokes(string code, EvalEvidence evidence, string expected, PolicyObservations? observed = null)
    {
        var lint = Assert.Single(Lints(evidence, observed));
        Assert.Equal((code, "tags.t.evidence"), (lint.Code, lint.Path));
        Assert.Contains(expected, lint.Message, StringComparison.Ordinal);
    }

    private static ImmutableArray<PolicyLint> Lints(EvalEvidence evidence, PolicyObservations? observed = null, string more = "") => Lints(EvalEvidenceFile.Write(evidence), observed, more);

    private static ImmutableArray<PolicyLint> Lints(byte[] file, PolicyObservations? observed = null, string more = "")
    {
        var yaml = $$"""
            version: 1
            tiers: { small: { models: [haiku] }, frontier: { models: [opus] } }
            models:
              haiku: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: haiku-4, price: { input: 1, output: 5 } }
              opus: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: opus-5, price: { input: 10, output: 50 } }
            tags:
              t:
                tier: small
                owner: team
                why: "It is simple."
                checks: [json]
                escalate: { to: frontier }
                evidence: evals/t.json
                {{more}}
            default: { tier: frontier, owner: team, why: "Not understood yet." }
            """;
        var compiled = PolicyCompiler.Compile(
            new PolicySource("rung.yaml", yaml, name => name == "evals/t.json" ? file : (ReadOnlyMemory<byte>?)null), PriceBook.Embedded, s_today, observed ?? PolicyObservations.None);
        Assert.Empty(compiled.Faults);
        // That a held stream starts late for people has nothing to do with evidence.
        return [.. compiled.Lints.Where(lint => lint.Code != "RUNG028")];
    }

    private static InputProfile Profile(string text)
    {
        var profile = new InputProfileBuilder();
        for (var i = 0; i < 100; i++) profile.Add($"{text} {i}", 0);
        return profile.Build();
    }

    private static EvalEvidence Some() => new()
    {
        Tag = "t", Date = s_today.AddDays(-10), Run = "r-0123456789ab", SetName = "t-set", SetVersion = 2, SetHash = new string('a', 64), Part = "test", Rows = 200,
        Scorer = "exact text", ReferenceTier = "frontier", ReferenceId = "opus-5", Margin = 0.03, Confidence = 0.95, Method = "score test", Multiplicity = "one candidate, one test",
        Candidates =
        [
            new EvalEvidenceModel
            {
                Name = "haiku", Id = "haiku-4", Reported = ["haiku-4-2026-10"], Rows = 200, Groups = 198, Quality = 0.98, ReferenceQuality = 0.985, Difference = -0.005,
                Bound = -0.021, BoundAt = 0.95, PValue = 0.004, Saving = 0.88, Decision = EvalDecision.Eligible, Sentence = "haiku: not worse",
            },
        ],
    };
}
