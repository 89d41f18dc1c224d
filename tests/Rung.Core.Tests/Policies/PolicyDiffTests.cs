using Rung.Core.Policies.Changes;

namespace Rung.Core.Tests.Policies;

public class PolicyDiffTests
{
    [Theory]
    [InlineData("tier: small", "tier: mid", "tags.t.tier", "t: small → mid")]
    [InlineData("checks: [json]", "checks: [json, { regex: ab }]", "tags.t.checks", "t: check added (regex \"ab\" within 100 ms)")]
    [InlineData("checks: [json]", "checks: []", "tags.t.checks", "t: check removed (json)")]
    [InlineData("id: a, price: { input: 1, output: 2 }", "id: a, price: { input: 0.8, output: 2 }", "models.a.price.input", "model a: price input 1.00 → 0.80 $/M")]
    [InlineData("id: a, price: { input: 1, output: 2 }", "id: a", "models.a.price.output", "model a: price output 2.00 → none $/M")]
    [InlineData("id: a, price: { input: 1, output: 2 }", "id: a, price: { input: 1, output: 2, tiers: [ { above_input: 9, input: 3, output: 4 } ] }", "models.a.price", "model a: price periods, context tiers or multipliers changed")]
    [InlineData("times: 2", "times: 1", "tags.t.escalate.times", "t: escalate.times 2 → 1")]
    [InlineData("owner: team", "owner: others", "tags.t.owner", "t: owner team → others")]
    [InlineData("  t:\n", "  u:\n", "tags.t", "t: removed (small)")]
    [InlineData("  t:\n", "  u:\n", "tags.u", "u: added (small)")]
    [InlineData("small:    { models: [a] }", "small:    { models: [a, b] }", "tiers.small.models", "tier small: models a → a, b")]
    [InlineData("{ models: [b] }", "{ models: [b], reference: true }", "tiers", "reference tier: frontier → mid")]
    [InlineData("default:", "pins: [ { name: dpa, when: { tag: t }, models: [a] } ]\ndefault:", "pins.dpa", "pin dpa: added")]
    [InlineData("default:", "limits: { attempts: 3 }\ndefault:", "limits.attempts", "limits: attempts 5 → 3")]
    [InlineData("evidence: evals/t", "evidence: { missing: proposed, prove: \"rung drive\" }", "tags.t.evidence", "t: evidence \"evals/t\" → missing (proposed), to be proved by \"rung drive\"")]
    [InlineData("owner: team", "owner: team\n    limits: { attempts: 3 }", "tags.t.limits.attempts", "t: limits.attempts 5 → 3")]
    [InlineData("default:", "control: { steering: propose, cool_down_hours: 12 }\ndefault:", "control.steering", "control: steering act → propose")]
    [InlineData("default:", "control: { steering: propose, cool_down_hours: 12 }\ndefault:", "control.cool_down_hours", "control: cool_down_hours 24 → 12")]
    [InlineData("default:", "budgets: { all: { usd: 500, per: month } }\ndefault:", "budgets.all", "budget all: added (500.00 USD a month)")]
    [InlineData("default:", "alerts: { oncall: { url: { env: HOOK }, format: slack } }\ndefault:", "alerts.oncall", "alert target oncall: added (slack)")]
    public void A_change_is_told_in_the_words_of_the_policy(string before, string after, string path, string sentence)
    {
        var text = SomePolicy.Clean.Replace("\r", "", StringComparison.Ordinal);
        Assert.Contains(before, text, StringComparison.Ordinal);

        var changes = PolicyDiff.Compare(SomePolicy.Snapshot(text), SomePolicy.Snapshot(text.Replace(before, after, StringComparison.Ordinal)));

        Assert.Contains((path, sentence), changes.Select(change => (change.Path, change.Sentence)));
    }

    [Fact]
    public void A_limit_of_the_policy_is_told_once()
    {
        var after = SomePolicy.Snapshot(SomePolicy.Clean + "\nlimits: { attempts: 3 }");

        Assert.Equal("limits: attempts 5 → 3", Assert.Single(PolicyDiff.Compare(SomePolicy.Snapshot(SomePolicy.Clean), after)).Sentence);
    }

    [Fact]
    public void A_pin_that_allows_more_models_says_which()
    {
        const string Pin = "\npins: [ { name: dpa, when: { tag: t }, models: [a] } ]";
        var before = SomePolicy.Snapshot(SomePolicy.Clean + Pin);
        var after = SomePolicy.Snapshot(SomePolicy.Clean + Pin.Replace("[a]", "[b, a]", StringComparison.Ordinal));

        Assert.Equal("pin dpa: models a → a, b", Assert.Single(PolicyDiff.Compare(before, after)).Sentence);
    }

    [Fact]
    public void A_schema_file_that_changes_changes_the_policy()
    {
        var before = Compile("{}");
        var after = Compile("true");

        Assert.Equal(4, PolicyDiff.Compare(before, after).Length); // Two checks name the file, each removed and added.
        Assert.Empty(PolicyDiff.Compare(before, Compile("{}").WithRevision(3)));

        static Core.Policies.PolicySnapshot Compile(string schema) => Core.Policies.PolicyCompiler.Compile(
            new Core.Policies.PolicySource("p", SomePolicy.Full, _ => System.Text.Encoding.UTF8.GetBytes(schema)), Core.Prices.PriceBook.Empty, SomePolicy.Today).Snapshot!;
    }

    [Fact]
    public void Comments_layout_and_stated_defaults_change_nothing()
    {
        var stated = SomePolicy.Clean.Replace("escalate: { to: mid, times: 2 }", "escalate: { times: 2, exhausted: last_answer, to: mid } # climbs", StringComparison.Ordinal);

        Assert.Empty(PolicyDiff.Compare(SomePolicy.Snapshot(SomePolicy.Clean), SomePolicy.Snapshot(stated + "\nlimits: { attempts: 5 }\n")));
    }
}
