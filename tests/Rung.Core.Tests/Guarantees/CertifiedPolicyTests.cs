using System.Text;
using Rung.Core.Guarantees;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Tests.Policies;

namespace Rung.Core.Tests.Guarantees;

/// <summary>Certificates in policies: written in, and held against what the policy does.</summary>
public sealed class CertifiedPolicyTests
{
    private const string Text = """
        version: 1
        tiers: { small: { models: [a] }, large: { models: [b] } }
        models:
          a: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: a, price: { input: 1, output: 2 } }
          b: { provider: openai-compatible, url: "http://127.0.0.1:1/v1", id: b, price: { input: 4, output: 8 } }
        verifiers:
          v: { http: { url: "http://127.0.0.1:2/predict", body: '{"a":"{answer}"}', score: /0 } }
        tags:
          t:
            # The threshold is a guess.
            tier: small
            user_visible: true
            owner: team
            why: "It is simple."
            checks:
              - json
              - verifier: { use: v, at_least: 0.5 } # a guess
            escalate: { to: large }
            evidence: "a hunch"   # ask Ana
        default: { tier: large, why: "Not yet understood." }
        """;

    [Fact]
    public void Only_the_threshold_and_the_evidence_change()
    {
        var edited = CertifiedPolicy.Edit(Text, "t", 1, 0.62, "evidence/t.json", out var problem);

        Assert.Null(problem);
        Assert.Equal(Text.Replace("at_least: 0.5", "at_least: 0.62", StringComparison.Ordinal).Replace("\"a hunch\"", "evidence/t.json", StringComparison.Ordinal), edited);
    }

    [Fact]
    public void Evidence_that_is_missing_is_put_before_the_tier()
    {
        var without = Text.Replace("    evidence: \"a hunch\"   # ask Ana\n", "", StringComparison.Ordinal);

        Assert.Contains("    evidence: evidence/t.json\n    tier: small\n", CertifiedPolicy.Edit(without, "t", -1, null, "evidence/t.json", out _), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stated_gap_gives_way_to_the_certificate()
    {
        var proposed = Text.Replace("evidence: \"a hunch\"   # ask Ana", "evidence: { missing: proposed, prove: \"rung drive {x} \\\" }\" }   # soon", StringComparison.Ordinal);

        var edited = CertifiedPolicy.Edit(proposed, "t", -1, null, "evidence/t.json", out var problem);

        Assert.Null(problem);
        Assert.Contains("    evidence: evidence/t.json   # soon\n", edited, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"a hunch\"   # ask Ana", "\n      missing: in_use\n      prove: x", "several lines")]
    [InlineData("\"a hunch\"   # ask Ana", "|\n      a hunch", "several lines")]
    [InlineData("at_least: 0.5", "at_least: !!float 0.5", null)]
    public void What_is_not_safe_is_left_alone(string old, string with, string? expected)
    {
        var edited = CertifiedPolicy.Edit(Text.Replace(old, with, StringComparison.Ordinal), "t", 1, 0.62, "evidence/t.json", out var problem);

        if (expected is not null) Assert.Contains(expected, problem, StringComparison.Ordinal);
        Assert.True(edited is null == problem is not null);
    }

    [Fact]
    public void A_certificate_that_holds_is_no_lint_and_belongs_to_the_policy()
    {
        var compiled = Compile(0.62, CertificateFile.Write(CertificateFileTests.Some(RuleOf())));

        Assert.DoesNotContain(compiled.Lints, lint => lint.Code is "RUNG035" or "RUNG036" or "RUNG037");
        Assert.Contains("evidence/t.json", compiled.Files);
        Assert.NotEqual(Compile(0.62, CertificateFile.Write(CertificateFileTests.Some("ff"))).Snapshot!.Hash, compiled.Snapshot!.Hash);
    }

    [Fact]
    public void What_the_certificate_does_not_cover_is_told()
    {
        var good = CertificateFileTests.Some(RuleOf());

        Told(0.5, good, "below the certified 0.62");
        Told(0.62, good with { Tag = "other" }, "for tag other");
        Told(0.62, good with { Weak = new("x", "x") }, "answers of x");
        Told(0.62, good with { Strong = new("x", "x") }, "measures against x");
        Told(0.62, good with { RuleSha256 = "ff" }, "have changed since");
    }

    [Theory]
    [InlineData("    owner: team", "    owner: team\n    stream: pass", "stream: pass")]
    [InlineData("    owner: team", "    owner: team\n    stream: { hold_until: first_valid_prefix }", "first valid prefix")]
    [InlineData("escalate: { to: large }", "escalate: { to: large, max_usd: 0.001 }", "max_usd")]
    [InlineData("    owner: team", "    owner: team\n    limits: { attempts: 1 }", "one attempt")]
    [InlineData("small: { models: [a] }", "small: { models: [a, b2] }", "2 models")]
    public void What_keeps_a_bad_answer_from_climbing_voids_the_promise(string old, string with, string expected)
    {
        var text = Text.Replace(old, with, StringComparison.Ordinal)
            .Replace("verifiers:", "  b2: { provider: openai-compatible, url: \"http://127.0.0.1:1/v1\", id: b2, price: { input: 1, output: 2 } }\nverifiers:", StringComparison.Ordinal);

        var compiled = Compile(0.62, CertificateFile.Write(CertificateFileTests.Some(RuleOf())), text: text);

        Assert.Contains(compiled.Lints, lint => lint.Code == "RUNG035" && lint.Message.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void Another_file_is_no_certificate() =>
        Assert.Contains(Compile(0.62, Encoding.UTF8.GetBytes("{}")).Lints, lint => lint.Code == "RUNG035" && lint.Message.Contains("no certificate", StringComparison.Ordinal));

    [Fact]
    public void Words_as_evidence_ask_for_a_certificate_where_people_read() => Assert.Contains(Compile(0.5, null, evidence: null).Lints, lint => lint.Code == "RUNG036");

    [Fact]
    public void Where_nobody_reads_it_is_information() =>
        Assert.Contains(
            Compile(0.62, CertificateFile.Write(CertificateFileTests.Some("ff")), text: Text.Replace("    user_visible: true\n", "", StringComparison.Ordinal)).Lints,
            lint => lint is { Code: "RUNG037", Severity: LintSeverity.Info });

    [Fact]
    public void Economics_add_up()
    {
        var costs = new CascadeEconomics(100, 20, 200, 1000, 900);

        Assert.Equal(320 + 250, costs.Expected(0.25));
        Assert.Equal(0.58, costs.BreakEven!.Value, 1e-12);
        Assert.True(costs.Pays(0.57));
        Assert.False(costs.Pays(0.58));
        Assert.Null((costs with { SamplesNanoUsd = 800 }).BreakEven);
    }

    private static void Told(double threshold, Certificate certificate, string expected)
    {
        var lint = Assert.Single(Compile(threshold, CertificateFile.Write(certificate)).Lints, lint => lint.Code == "RUNG035");
        Assert.Contains(expected, lint.Message, StringComparison.Ordinal);
        Assert.Equal(("tags.t.evidence", LintSeverity.Warning), (lint.Path, lint.Severity));
    }

    private static string RuleOf() => CascadeRule.Of(Compile(0.5, null, evidence: null).Snapshot!.Tags["t"], out _)!.Sha256;

    private static PolicyCompilation Compile(double threshold, byte[]? file, string? evidence = "evidence/t.json", string text = Text)
    {
        var edited = evidence is null ? text : CertifiedPolicy.Edit(text, "t", 1, threshold, evidence, out _)!;
        var compiled = PolicyCompiler.Compile(new PolicySource("p.yaml", edited, name => name == evidence && file is not null ? file : (ReadOnlyMemory<byte>?)null), PriceBook.Embedded, SomePolicy.Today);
        Assert.Empty(compiled.Faults);
        return compiled;
    }
}
