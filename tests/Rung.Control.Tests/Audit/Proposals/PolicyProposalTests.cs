using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Audit;
using Rung.Core.Policies;
using Rung.Core.Prices;
using static Rung.Control.Tests.Audit.SomeSite;

namespace Rung.Control.Tests.Audit;

public class PolicyProposalTests
{
    private static readonly DateOnly Today = new(2026, 11, 20);

    [Fact]
    public void Whatever_the_log_holds_the_proposal_compiles_and_lints_clean() =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var sites = new AnySites(seed).Sites(40);
            var ladder = ModelLadder.Propose(sites, PriceBook.Embedded, Day, []);
            if (ladder.CannotBeSaid is not null) return;
            var reviews = NecessityReview.Of(sites, ladder, new AuditAssumptions(), Day);
            var yaml = PolicyProposal.Write(reviews, ladder, new AuditAssumptions(), "rung audit 'a\nb' --policy \u2028x");
            var policy = Clean(yaml);

            // Every downgrade is in force and marked, and nothing else claims to be one.
            var moved = policy.Tags.Values.Count(route => route.EvidenceGap is { Missing: MissingEvidence.Proposed });
            Assert.Equal(reviews.Count(review => review.Prove is not null), moved);
            Assert.Equal(policy.ReferenceTier.Name, policy.Default.Tier.Name);
            Assert.All(policy.Tags.Values.Where(route => route.Tier.Index < policy.ReferenceTier.Index), route => Assert.Contains(route.Name, route.EvidenceGap!.Prove, StringComparison.Ordinal));
            // No tag is lost, and none stands for two sites.
            var listed = sites.Count - reviews.Count(review => SiteJudge.MainUse(review.Site) is var main && (main is null || ladder.Find(main.Provider, main.Model) is not { Kind: "chat" } price || price.At(Day) is null));
            Assert.InRange(policy.Tags.Count, Math.Min(1, listed), listed);
            Assert.Equal(yaml, PolicyProposal.Write(reviews, ladder, new AuditAssumptions(), "rung audit 'a\nb' --policy \u2028x"));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(20_261_122, 7));

    [Fact]
    public void A_downgrade_is_in_force_and_marked_as_proposed_without_evidence()
    {
        var (yaml, policy) = Propose(Named("classify-intent", Labels(Plain())) with { Team = "team-search" }, Named("plan", role: "planner"));
        var route = policy.Tags["classify-intent"];

        Assert.Equal(("small", "mid", "team-search"), (route.Tier.Name, route.Escalation!.To.Name, route.Owner));
        Assert.Equal(MissingEvidence.Proposed, route.EvidenceGap!.Missing);
        Assert.StartsWith("rung calibrate --policy rung.yaml --tag classify-intent", route.EvidenceGap.Prove, StringComparison.Ordinal);
        Assert.Contains("length", route.Checks.Single().Name, StringComparison.Ordinal);
        Assert.Contains("one of 6 labels", route.Why, StringComparison.Ordinal);
        Assert.Contains("PROPOSED, WITHOUT EVIDENCE YET: would save $", yaml, StringComparison.Ordinal);
        Assert.Contains("# - Each site's own tokens", yaml, StringComparison.Ordinal);
        Assert.Equal((0, "frontier", null), (policy.Tags["plan"].MaxTokens, policy.Tags["plan"].Tier.Name, policy.Tags["plan"].EvidenceGap));
        Assert.Equal("unassigned", policy.Tags["plan"].Owner);
    }

    [Fact]
    public void What_stays_keeps_its_model_whatever_the_ladder_is()
    {
        var (_, policy) = Propose(
            Named("a"), Named("b", Plain(Use("claude-opus-4-8")), role: "planner"), Named("c", Plain(Use("gpt-5-mini", provider: "openai")), role: "planner"), Named("d", Plain(Use(Haiku)), role: "planner"));

        Assert.Equal("claude-opus-4-8", Model("b").UpstreamId);
        Assert.Equal(("openai", "gpt-5-mini"), (Model("c").Provider, Model("c").UpstreamId));
        Assert.Equal(Haiku, Model("d").UpstreamId);
        Assert.Equal(MissingEvidence.InUse, policy.Tags["d"].EvidenceGap!.Missing);
        Assert.Equal(ClimbCause.Unavailable, policy.Tags["d"].Escalation!.On);
        // Another provider's model is beside the ladder: its calls climb nowhere.
        Assert.Null(policy.Tags["c"].Escalation);
        Assert.Equal("frontier", policy.ReferenceTier.Name);

        Model Model(string tag) => policy.Models.Single(model => policy.Tags[tag].Tier.Pool.Contains(model.Index));
    }

    [Fact]
    public void A_tag_that_calls_carry_keeps_its_name_beside_one_that_becomes_the_same()
    {
        var (_, policy) = Propose(Named("A b"), Named("a-b", Plain(Use(Sonnet)), role: "planner"), Named("default"));

        Assert.Equal(["a-b", "a-b-2", "default-2"], policy.Tags.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("mid", policy.Tags["a-b"].Tier.Name);
    }

    [Fact]
    public void What_cannot_be_in_a_policy_is_named()
    {
        var (yaml, policy) = Propose(Named("a"), Named("embed", Plain(Use("text-embedding-3-small", provider: "openai"))), Named("own", Plain(Use("mine", provider: "vllm"))));

        Assert.Equal("a", Assert.Single(policy.Tags.Keys));
        Assert.Contains("embed: 1,000 calls; text-embedding-3-small is no chat model", yaml, StringComparison.Ordinal);
        Assert.Contains("own: 1,000 calls; the price of mine is unknown", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Sensitive_data_is_pinned_in_a_comment_only()
    {
        var (yaml, policy) = Propose(Named("a"), Named("x", Labels(Plain()) with { ContentSeen = 1000, Data = Labels(Plain()).Data.Add(DataSigns.Health, 50) }));

        Assert.Empty(policy.Pins);
        Assert.Contains("#   - { when: { tag: x }, models: [claude-opus-5-5], why: \"Signs of sensitive data: words of medical records in 50", yaml, StringComparison.Ordinal);
        var pins = yaml[yaml.IndexOf("# pins:", StringComparison.Ordinal)..].Replace("# ", "", StringComparison.Ordinal).Replace("#   - {", "  - {", StringComparison.Ordinal);
        Assert.Single(Clean(yaml + pins).Pins);
    }

    [Fact]
    public void Of_many_sites_those_that_stay_where_default_is_are_not_listed()
    {
        var sites = Enumerable.Range(0, 150).Select(i => Named($"stay-{i}")).Concat(Enumerable.Range(0, 150).Select(i => Named($"move-{i}", Labels(Plain())))).ToArray();
        var (yaml, policy) = Propose(sites);

        Assert.Equal(PolicyProposal.MostTags, policy.Tags.Count);
        Assert.Equal(150, policy.Tags.Keys.Count(tag => tag.StartsWith("move", StringComparison.Ordinal)));
        Assert.Contains("100 further sites", yaml, StringComparison.Ordinal);
        Assert.Contains("as they do now", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_ladder_there_is_no_policy()
    {
        var ladder = ModelLadder.Propose([], PriceBook.Embedded, Day, []);

        Assert.Throws<InvalidOperationException>(() => PolicyProposal.Write([], ladder, new AuditAssumptions(), "rung audit"));
    }

    [Fact]
    public void A_provider_that_policies_do_not_know_gets_an_address_to_fill_in_and_its_price()
    {
        var (yaml, policy) = Propose(Named("a", Plain(Use("command-a-plus-05-2026", provider: "cohere"))));

        Assert.Equal(("openai-compatible", 2_500_000L), (policy.Models[0].Provider, policy.Models[0].Price!.Periods[0].Rates.Input));
        Assert.Contains("COHERE_API_KEY", yaml, StringComparison.Ordinal);
    }

    private static (string Yaml, PolicySnapshot Policy) Propose(params CallSite[] sites)
    {
        var ladder = ModelLadder.Propose(sites, PriceBook.Embedded, Day, []);
        var yaml = PolicyProposal.Write(NecessityReview.Of(sites, ladder, new AuditAssumptions(), Day), ladder, new AuditAssumptions(), "rung audit logs --policy rung.yaml");
        return (yaml, Clean(yaml));
    }

    private static PolicySnapshot Clean(string yaml)
    {
        var compiled = PolicyCompiler.Compile(new PolicySource("rung.yaml", yaml, _ => null), PriceBook.Embedded, Today);
        Assert.True(compiled.Snapshot is not null, string.Join('\n', compiled.Faults) + "\n" + yaml);
        var loud = compiled.Lints.Where(lint => lint.Severity != LintSeverity.Info).ToList();
        Assert.True(loud.Count == 0, string.Join('\n', loud) + "\n" + yaml);
        return compiled.Snapshot;
    }
}
