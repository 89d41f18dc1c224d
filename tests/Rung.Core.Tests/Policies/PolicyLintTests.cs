using Rung.Core.Policies;
using Rung.Core.Policies.Lints;
using Rung.Core.Prices;

namespace Rung.Core.Tests.Policies;

public class PolicyLintTests
{
    [Fact]
    public void A_policy_that_says_everything_has_no_lints() => Assert.Empty(SomePolicy.Compile(SomePolicy.Clean).Lints);

    public static TheoryData<string, string, string, string> Provoked => new()
    {
        { "RUNG001", "checks: [json]", "user_visible: true", "tags.t.user_visible" },
        { "RUNG002", "checks: [json]\n    escalate: { to: mid, times: 2 }", "max_tokens: 9", "tags.t" },
        { "RUNG003", "evidence: evals/t", "max_tokens: 9", "tags.t.tier" },
        { "RUNG004", "small:    { models: [a] }", "small:    { models: [a, b] }", "tiers.small.models[1]" },
        { "RUNG005", "small:    { models: [a] }", "small:    { models: [a, c] }", "tiers.small.models" },
        { "RUNG006", "evidence: evals/t", "evidence: e\n    ceiling: { usd_per_call: 1 }", "tags.t.ceiling" },
        { "RUNG007", "evidence: evals/t", "evidence: e\n    floor: { verdict: judge, at_least: 0.9 }", "tags.t.floor" },
        { "RUNG008", "escalate: { to: mid, times: 2 }", "escalate: { to: small }", "tags.t.escalate.to" },
        { "RUNG009", "tier: small", "tier: frontier", "tags.t.escalate" },
        { "RUNG010", "times: 2", "times: 3", "tags.t.escalate.times" },
        { "RUNG011", "escalate: { to: mid, times: 2 }", "max_tokens: 9", "tags.t.checks" },
        { "RUNG012", "checks: [json]\n    escalate: { to: mid, times: 2 }", "escalate: { to: mid, on: [check_failed] }", "tags.t.escalate.on" },
        { "RUNG013", "default:", "pins: [ { when: { data_class: phi }, models: [d] } ]\ndefault:", "pins[0].models" },
        { "RUNG014", "default:", "pins: [ { when: { data_class: phi }, models: [c, d] } ]\ndefault:", "pins[0].models" },
        { "RUNG015", "default:", "pins: [ { when: { tag: t }, models: [c] } ]\ndefault:", "pins[0].models" },
        { "RUNG016", "default:", "pins: [ { when: { tag: t }, models: [a] }, { when: { data_class: phi }, models: [c] } ]\ndefault:", "pins[1].models" },
        { "RUNG017", "default:", "pins: [ { when: { tag: tt }, models: [a] } ]\ndefault:", "pins[0].when.tag" },
        { "RUNG018", "id: a, price: { input: 1, output: 2 }", "id: a", "models.a.id" },
        { "RUNG021", "owner: team", "max_tokens: 9", "tags.t" },
        { "RUNG022", "why: \"It is simple.\"", "max_tokens: 9", "tags.t" },
        { "RUNG022", ", why: \"Not yet understood.\"", "", "default" },
        { "RUNG023", "frontier: { models: [c] }", "frontier: { models: [b] }", "models.c" },
        { "RUNG024", "escalate: { to: mid, times: 2 }", "escalate: { to: frontier }", "tiers.mid" },
        { "RUNG025", "url: \"http://127.0.0.1:1/v1\", id: a", "url: \"https://models.example/v1\", id: a", "models.a.url" },
        { "RUNG026", "url: \"http://127.0.0.1:1/v1\", id: a", "url: \"http://models.example/v1\", id: a", "models.a.url" },
        { "RUNG027", "default: { tier: frontier", "default: { tier: mid", "default.tier" },
        { "RUNG028", "owner: team", "owner: team\n    user_visible: true", "tags.t.user_visible" },
        { "RUNG029", "owner: team", "owner: team\n    stream: pass", "tags.t.escalate" },
        { "RUNG029", "escalate: { to: mid, times: 2 }", "escalate: { to: mid, on: [check_failed, unavailable] }\n    stream: pass", "tags.t.escalate.on" },
        { "RUNG030", "checks: [json]", "checks: [ { regex: a } ]\n    stream: { hold_until: first_valid_prefix }", "tags.t.stream" },
        { "RUNG031", "tags:\n", "verifiers: { v: { http: { url: \"http://127.0.0.1/x\", body: '\"{answer}\"', score: /choices/0/logprobs/mean } } }\ntags:\n", "verifiers.v" },
        { "RUNG031", "tags:\n", "verifiers: { v: { llm: { model: a, rubric: \"Give the mean log-probability.\" } } }\ntags:\n", "verifiers.v" },
        { "RUNG032", "tags:\n  t:\n    tier: small\n    owner: team\n    why: \"It is simple.\"\n    checks: [json]", "verifiers: { v: { llm: { model: a, rubric: r } } }\ntags:\n  t:\n    tier: small\n    owner: team\n    checks: [ { all: [ { verifier: { use: v, at_least: 0.5 } } ] } ]", "tags.t.checks" },
        { "RUNG032", "tags:\n  t:\n    tier: small\n    owner: team\n    why: \"It is simple.\"\n    checks: [json]", "verifiers: { v: { llm: { model: b, rubric: r } } }\ntags:\n  t:\n    tier: small\n    owner: team\n    checks: [ { verifier: { use: v, at_least: 0.5 } } ]", "tags.t.checks" },
        { "RUNG033", "tags:\n  t:\n    tier: small\n    owner: team\n    why: \"It is simple.\"\n    checks: [json]\n    escalate: { to: mid, times: 2 }\n    evidence: evals/t", "verifiers: { v: { llm: { model: b, rubric: r } } }\ntags:\n  t:\n    tier: small\n    checks: [ { verifier: { use: v, at_least: 0.5 } } ]", "tags.t.checks" },
        { "RUNG034", "tags:\n", "verifiers: { v: { llm: { model: a, rubric: r } } }\ntags:\n", "verifiers.v" },
        { "RUNG034", "tags:\n", "commands: { c: { run: [/bin/true, \"{file}\"] } }\ntags:\n", "commands.c" },
        { "RUNG026", "tags:\n", "verifiers: { v: { http: { url: \"http://judge.example/x\", body: '\"{answer}\"' } } }\ntags:\n", "verifiers.v.http.url" },
        { "RUNG036", "owner: team", "owner: team\n    user_visible: true", "tags.t.evidence" },
        { "RUNG038", "evidence: evals/t", "evidence: { missing: proposed, prove: \"rung drive --offline\" }", "tags.t.evidence" },
        { "RUNG039", "evidence: evals/t", "evidence: evals/t\n    capture: { sample: 0.1, redact: [] }", "tags.t.capture.redact" },
        { "RUNG040", "evidence: evals/t\n", "evidence: evals/t\n    data_class: phi\n    capture: { sample: 0.1 }\npins: [ { when: { data_class: phi }, models: [a, b, c] } ]\n", "tags.t.capture" },
        { "RUNG046", "default:", "budgets: { all: { usd: 1, per: day, tags: [t, tt] } }\ndefault:", "budgets.all.tags[1]" },
        { "RUNG047", "evidence: evals/t\n", "evidence: evals/t\n    floor: { verdict: judge, at_least: 0.9 }\n    ceiling: { usd_per_day: 5 }\ncontrol: { steering: off }\n", "control.steering" },
        { "RUNG048", "default:", "alerts: { own: { url: { env: HOOK } } }\ndefault:", "alerts.own" },
    };

    [Theory]
    [MemberData(nameof(Provoked))]
    public void Each_lint_is_provoked_by_what_it_is_about(string code, string clean, string changed, string path)
    {
        var text = SomePolicy.Clean.Replace("\r", "", StringComparison.Ordinal);
        Assert.Contains(clean, text, StringComparison.Ordinal);
        var yaml = text.Replace(clean, changed, StringComparison.Ordinal)
            .Replace("tags:\n", changed.Contains("[d]", StringComparison.Ordinal) || changed.Contains(", d]", StringComparison.Ordinal)
                ? "  d: { provider: ollama, id: d, cost: { usd_per_hour: 1, slots: 1 } }\ntags:\n" : "tags:\n", StringComparison.Ordinal);

        var lint = SomePolicy.Compile(yaml).Lints.FirstOrDefault(candidate => candidate.Code == code);

        Assert.True(lint is not null, string.Join("\n", SomePolicy.Compile(yaml).Faults.Select(fault => fault.ToString()).Concat(SomePolicy.Compile(yaml).Lints.Select(other => other.ToString()))));
        Assert.Equal(path, lint.Path);
        Assert.Equal(LintCatalogue.All.Single(rule => rule.Code == code).Severity, lint.Severity);
        Assert.True(lint.Line > 1);
        Assert.NotEmpty(lint.Fix);
    }

    [Theory]
    [InlineData("proposed", "proposed, without evidence yet")]
    [InlineData("in_use", "in use, without evidence yet")]
    public void A_stated_gap_of_evidence_is_information_and_no_warning(string missing, string inWords)
    {
        var lint = Assert.Single(SomePolicy.Compile(SomePolicy.Clean.Replace("evidence: evals/t", $"evidence: {{ missing: {missing}, prove: rung drive }}", StringComparison.Ordinal)).Lints);

        Assert.Equal(("RUNG038", LintSeverity.Info), (lint.Code, lint.Severity));
        Assert.Contains(inWords, lint.Message, StringComparison.Ordinal);
        Assert.Contains("rung drive", lint.Fix, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("evidence: { missing: proposed }", "prove")]
    [InlineData("evidence: { missing: perhaps, prove: x }", "missing")]
    [InlineData("evidence: { prove: x }", "missing")]
    public void A_gap_says_why_and_how_it_would_be_proved(string evidence, string key) =>
        Assert.Equal($"tags.t.evidence.{key}", SomePolicy.Fault(SomePolicy.Clean.Replace("evidence: evals/t", evidence, StringComparison.Ordinal)).Path);

    [Theory]
    [InlineData("RUNG019", "high", "2026-11-01", null)]
    [InlineData("RUNG020", "low", null, null)]
    [InlineData("RUNG020", "high", null, "2026-11-01")]
    [InlineData(null, "high", "2026-12-01", null)]
    [InlineData(null, "medium", null, "2026-12-01")]
    public void Prices_of_the_book_are_judged_on_the_day(string? code, string confidence, string? to, string? promotion)
    {
        var book = new PriceBook
        {
            Compiled = SomePolicy.Today,
            Entries =
            [
                new PriceSchedule
                {
                    Provider = "ollama", Model = "m",
                    Periods =
                    [
                        new PricePeriod
                        {
                            Source = "test", Confidence = confidence, Rates = new PriceRates { Input = 1, Output = 1 },
                            To = to is null ? null : new DateTimeOffset(DateOnly.Parse(to), default, TimeSpan.Zero),
                            PromotionUntil = promotion is null ? null : DateOnly.Parse(promotion),
                        },
                    ],
                },
            ],
        };
        var lints = SomePolicy.Compile("version: 1\ntiers: { t: { models: [m] } }\nmodels: { m: { provider: ollama, id: m } }\ndefault: { tier: t, why: w }", book).Lints;

        Assert.Equal(code is null ? [] : new[] { code }, lints.Select(lint => lint.Code));
    }

    [Fact]
    public void What_a_tag_takes_from_its_role_is_told_once_at_the_role()
    {
        var lints = SomePolicy.Compile("""
            version: 1
            tiers: { low: { models: [a] }, high: { models: [b] } }
            models:
              a: { provider: ollama, id: a, cost: { usd_per_hour: 1, slots: 1 } }
              b: { provider: ollama, id: b, cost: { usd_per_hour: 1, slots: 1 } }
            roles:
              worker: { tier: low, owner: o, why: w, ceiling: { usd_per_call: 1 }, escalate: { to: high, times: 9 } }
            tags:
              t: { role: worker, evidence: e }
            default: { tier: high, why: w }
            """).Lints;

        Assert.Equal(["roles.worker.ceiling", "roles.worker.escalate.times"], lints.Select(lint => lint.Path));
    }

    [Theory]
    [InlineData("owner: team\n    stream: { hold_until: first_valid_prefix }", "checks: [ { length: { max: 9 } } ]")]
    [InlineData("owner: team\n    stream: pass", "checks: [json]\n    escalate: { to: mid, on: [unavailable] }")]
    [InlineData("owner: team", "checks: [ { verifier: { use: v, at_least: 0.5 } } ]")]
    public void What_is_consistent_is_left_alone(string owner, string checks)
    {
        var yaml = SomePolicy.Clean.Replace("\r", "", StringComparison.Ordinal).Replace("owner: team", owner, StringComparison.Ordinal).Replace("checks: [json]", checks, StringComparison.Ordinal);
        if (checks.Contains("escalate", StringComparison.Ordinal)) yaml = yaml.Replace("\n    escalate: { to: mid, times: 2 }", "", StringComparison.Ordinal);
        if (checks.Contains("use: v", StringComparison.Ordinal))
            yaml = yaml.Replace("tags:\n", "  judge: { provider: ollama, id: j, cost: { usd_per_hour: 1, slots: 1 } }\nverifiers: { v: { llm: { model: judge, rubric: r } } }\ntags:\n", StringComparison.Ordinal);

        Assert.Empty(SomePolicy.Compile(yaml).Faults);
        Assert.DoesNotContain(SomePolicy.Compile(yaml).Lints, lint => string.CompareOrdinal(lint.Code, "RUNG028") >= 0 || lint.Code == "RUNG023");
    }

    [Fact]
    public void Codes_are_unique_and_in_order() =>
        Assert.Equal(LintCatalogue.All.Select(rule => rule.Code).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), LintCatalogue.All.Select(rule => rule.Code));

    [Fact]
    public void Every_lint_has_a_test()
    {
        var tested = Provoked.Select(row => (string)row[0]).Concat(["RUNG019", "RUNG020", "RUNG035", "RUNG037", "RUNG041", "RUNG042", "RUNG043", "RUNG044", "RUNG045"]).ToHashSet(StringComparer.Ordinal);

        Assert.All(LintCatalogue.All, rule => Assert.Contains(rule.Code, tested));
        Assert.All(LintCatalogue.All, rule => Assert.True(rule.Reason.Length > 0 && rule.Fix.Length > 0 && rule.Title.Length > 0));
        Assert.Contains(LintCatalogue.All, rule => rule.Severity == LintSeverity.Error);
    }
}
