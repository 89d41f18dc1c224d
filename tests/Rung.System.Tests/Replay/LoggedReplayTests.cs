using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Core.Spans;
using Rung.Replay;

namespace Rung.Tests.Replay;

/// <summary>Logged calls decided again: costs by hand calculation, quality by known chances.</summary>
public sealed class LoggedReplayTests
{
    private static readonly ReplaySampling s_sampling = new(0.95, 500, 1);

    // 1,000 tokens in and 100 out: small 1,000 × $1 + 100 × $2 per million = $0.0012; large 1,000 × $10 + 100 × $30 = $0.013.
    private const long Small = 1_200_000;
    private const long Large = 13_000_000;

    [Fact]
    public void The_model_that_was_asked_keeps_what_was_paid()
    {
        var row = One(Some.Call("small", paid: 777), ReplayFiles.Tag("t", "low"));

        Assert.Equal(("small", 777, CostSource.Paid, Large), (row.A.Model, row.A.CostNanoUsd, row.A.CostSource, row.A.BaselineNanoUsd));
        Assert.Equal(777, row.B.CostNanoUsd);
    }

    [Fact]
    public void Another_model_costs_the_recorded_tokens_at_its_price()
    {
        Assert.Equal((Large, CostSource.Repriced), Cost(One(Some.Call("small", paid: 777), ReplayFiles.Tag("t", "high"))));
        Assert.Equal((Small, CostSource.Repriced), Cost(One(Some.Call("large", paid: 777), ReplayFiles.Tag("t", "low"))));
    }

    [Fact]
    public void A_climb_is_followed_where_the_policy_climbs_and_ends_where_it_does_not()
    {
        var call = Some.Climbed(paidLow: 1000, paidHigh: 5000);

        var follows = One(call, ReplayFiles.Tag("t", "low", ", checks: [ { regex: 'x' } ], escalate: { to: high }")).A;
        var stays = One(call, ReplayFiles.Tag("t", "low")).A;
        var starts = One(call, ReplayFiles.Tag("t", "high")).A;

        Assert.Equal((6000, 1, "large"), (follows.CostNanoUsd, follows.Climbs, follows.Model));
        Assert.Equal((1000, 0, "small"), (stays.CostNanoUsd, stays.Climbs, stays.Model));
        // The strong model answered within the same call: its own bill is better than any calculation.
        Assert.Equal((5000, CostSource.Paid, "large"), (starts.CostNanoUsd, starts.CostSource, starts.Model));
    }

    [Theory]
    [InlineData(0, Small)]
    [InlineData(0.2, Small + Large / 5)]
    public void Where_nobody_knows_whether_it_climbs_only_the_assumed_share_is_paid_for(double rate, long expected)
    {
        var row = One(Some.Call("large", paid: Large), ReplayFiles.Tag("t", "low", ", checks: [ { regex: 'x' } ], escalate: { to: high }"), rate);

        Assert.Equal((expected, (int?)null), (row.A.CostNanoUsd, row.A.Climbs));
    }

    [Fact]
    public void Checks_that_ran_on_the_recorded_answer_say_that_it_does_not_climb()
    {
        var call = Some.Call("small", paid: Small, passed: true);

        Assert.Equal(0, One(call, ReplayFiles.Tag("t", "low", ", checks: [ { regex: 'x' } ], escalate: { to: high }")).A.Climbs);
        Assert.Null(One(call, ReplayFiles.Tag("t", "low", ", checks: [ json ], escalate: { to: high }")).A.Climbs);
    }

    [Fact]
    public void An_unknown_price_is_unknown_and_never_nothing()
    {
        var policy = ReplayFiles.Policy(ReplayFiles.Tag("t", "high")).Replace(", price: { input: 10, output: 30 }", "", StringComparison.Ordinal);
        var rows = Rows(ReplayFiles.Compile(policy), [Some.Call("small", paid: 1), Some.Call("small", paid: null)]);

        Assert.All(rows.Rows, row => Assert.Equal((null, CostSource.Unknown), (row.A.CostNanoUsd, row.A.CostSource)));
        var scope = ReplaySummary.Of(null, rows.Rows, s_sampling);
        Assert.Equal((2, 1), (scope.Policy.CallsWithoutCost, scope.Against.CallsWithoutCost));
        Assert.Null(scope.Change.Cost);
    }

    [Fact]
    public void A_price_is_that_of_the_moment_of_the_call()
    {
        // A cached part, and a batch at half price: 600 × $10 + 400 cached × $10 (no cache rate) + 100 × $30, halved.
        var call = Some.Logged("x", 0, "small", verdict: null, propensity: 1, cacheRead: 400, permille: 500);

        Assert.Equal(Large / 2, Rows(ReplayFiles.Compile(ReplayFiles.Policy(ReplayFiles.Tag("t", "high"))), [], [call]).Rows[0].A.CostNanoUsd);
    }

    [Fact]
    public void A_refused_call_costs_nothing_and_is_an_error()
    {
        var policy = ReplayFiles.Policy(ReplayFiles.Tag("t", "low")) + "\npins:\n  - { when: { user: eve }, models: [tiny] }\n";
        policy = policy.Replace("  large: { provider", "  tiny: { provider: openai-compatible, url: \"http://127.0.0.1:1/v1\", id: tiny, price: { input: 1, output: 1 }, context: 500 }\n  large: { provider", StringComparison.Ordinal);

        var row = One(Some.Call("small", paid: 5, user: "eve"), policy, isPolicy: true);

        Assert.Equal(("pin_unsatisfied", 0, CostSource.NotAsked), (row.A.Error, row.A.CostNanoUsd, row.A.CostSource));
    }

    [Fact]
    public void A_random_choice_lets_the_other_choice_be_judged()
    {
        // Chance gave each model half of the calls; small passes 60 %, large 90 %.
        var calls = Enumerable.Range(0, 400).Select(i => i % 2 == 0
            ? Some.Logged($"c{i}", i, "small", verdict: i / 2 % 10 < 6 ? 1 : 0, propensity: 0.5) : Some.Logged($"c{i}", i, "large", verdict: i / 2 % 10 < 9 ? 1 : 0, propensity: 0.5)).ToArray();

        var quality = Quality(ReplayFiles.Tag("t", "high"), calls);

        Assert.Null(quality.CannotBeSaid);
        Assert.Equal((400, 400, 0), (quality.Judged, quality.Supported, quality.WithoutSupport));
        Assert.Equal(0.75, quality.Logged!.Value, 6);
        Assert.Equal(200, quality.EffectiveSampleSize, 6);
        Assert.Equal(0.9, quality.SelfNormalised!.Value, 6);
        Assert.InRange(quality.DoublyRobust!.Value, 0.88, 0.92);
        Assert.True(quality.DoublyRobust.Low < 0.9 && quality.DoublyRobust.High > 0.9);
        Assert.InRange(quality.Difference!.Value, 0.13, 0.17);
        Assert.True(quality.Difference.Low > 0.05 && quality.Difference.High < 0.25);
    }

    [Fact]
    public void What_had_no_chance_cannot_be_judged()
    {
        var calls = Enumerable.Range(0, 50).Select(i => Some.Logged($"c{i}", i, "small", verdict: 1, propensity: 1)).ToArray();

        var quality = Quality(ReplayFiles.Tag("t", "high"), calls);
        var same = Quality(ReplayFiles.Tag("t", "low"), calls);

        Assert.Contains("50 of 50 calls", quality.CannotBeSaid, StringComparison.Ordinal);
        Assert.Null(quality.Value);
        Assert.Equal((0, 50), (quality.Supported, quality.WithoutSupport));
        Assert.Null(same.CannotBeSaid);
        Assert.Equal(1, same.Value!.Value, 9);
        Assert.Equal(0, same.Difference!.Value, 9);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(60, 60)]
    public void A_model_that_chance_missed_on_a_rare_tag_had_a_chance_there_but_not_on_a_frequent_one(int calls, int withoutSupport)
    {
        // One pool, each model half of the calls; of the other tag all were drawn as small: five may be chance, sixty are not.
        static LoggedCall Of(int i, string model, string tag) =>
            Some.Logged($"c{i}", i, model, verdict: 1, propensity: 0.5) is var call ? call with { Tag = tag, Attempts = [call.Attempts[0] with { Pool = ("hash", "low") }] } : call;
        LoggedCall[] all = [.. Enumerable.Range(0, 400).Select(i => Of(i, i % 2 == 0 ? "small" : "large", "t")), .. Enumerable.Range(400, calls).Select(i => Of(i, "small", "u"))];

        var quality = Quality(ReplayFiles.Tag("t", "high") + "\n" + ReplayFiles.Tag("u", "high"), all);

        Assert.Equal(withoutSupport, quality.WithoutSupport);
        Assert.Equal(withoutSupport == 0, quality.CannotBeSaid is null);
    }

    [Fact]
    public void A_chance_that_was_not_logged_was_certain_where_a_tag_always_used_one_model_and_is_unknown_elsewhere()
    {
        LoggedCall[] one = [.. Enumerable.Range(0, 20).Select(i => Some.Logged($"c{i}", i, "small", verdict: 1, propensity: null))];
        LoggedCall[] two = [.. one, .. Enumerable.Range(20, 5).Select(i => Some.Logged($"c{i}", i, "large", verdict: 1, propensity: null))];

        Assert.Equal(1, Quality(ReplayFiles.Tag("t", "low"), one).Value!.Value, 9);
        Assert.Contains("of 25 calls with a verdict the log does not say", Quality(ReplayFiles.Tag("t", "low"), two).CannotBeSaid, StringComparison.Ordinal);
    }

    [Fact]
    public void An_imported_call_is_decided_by_the_tag_of_its_site_and_priced_by_its_tokens()
    {
        var record = Some.Imported("claude-opus-4-1", site: "t");
        var policy = ReplayFiles.Policy(ReplayFiles.Tag("t", "low"), fallback: "large");

        var row = Assert.Single(Rows(ReplayFiles.Compile(policy), [], [ImportedTraffic.Of(record, out _)!]).Rows);

        Assert.Equal(("t", "small", Small, CostSource.Repriced), (row.Tag, row.A.Model, row.A.CostNanoUsd, row.A.CostSource));
        Assert.Equal((25_000_000, Large), (row.B.CostNanoUsd, row.B.BaselineNanoUsd));
        Assert.Equal("large", Assert.Single(Rows(ReplayFiles.Compile(policy), [], [ImportedTraffic.Of(Some.Imported("x", site: null), out _)!]).Rows).A.Model);
    }

    [Fact]
    public void A_dated_id_of_a_log_is_the_model_of_the_policy()
    {
        var policy = ReplayFiles.Compile("""
            version: 1
            tiers: { top: { models: [opus] } }
            models: { opus: { provider: anthropic, id: claude-opus-4-1, key: { env: K } } }
            default: { tier: top }
            """);

        var row = Assert.Single(Rows(policy, [], [ImportedTraffic.Of(Some.Imported("claude-opus-4-1-20250805", site: null, provider: "anthropic"), out _)!]).Rows);

        Assert.Equal(("opus", "opus", CostSource.Paid, 25_000_000), (row.A.Model, row.B.Model, row.A.CostSource, row.A.CostNanoUsd));
    }

    [Fact]
    public void Sums_of_calls_and_cached_answers_are_left_out_with_the_reason()
    {
        Assert.Null(ImportedTraffic.Of(Some.Imported("x", site: null, granularity: 2), out var sum));
        Assert.Null(ImportedTraffic.Of(Some.Imported("x", site: null, status: 3), out var cached));

        Assert.Contains("sums", sum, StringComparison.Ordinal);
        Assert.Contains("cache", cached, StringComparison.Ordinal);
    }

    private static ReplayQuality Quality(string tags, LoggedCall[] calls) =>
        Rows(ReplayFiles.Compile(ReplayFiles.Policy(tags)), [], calls).QualityBy(s_sampling)(_ => true);

    private static ReplayRow One(CallRecord call, string tagsOrPolicy, double climbRate = 0, bool isPolicy = false) =>
        Assert.Single(Rows(ReplayFiles.Compile(isPolicy ? tagsOrPolicy : ReplayFiles.Policy(tagsOrPolicy)), [call], climbRate: climbRate).Rows);

    private static LoggedRows Rows(PolicySnapshot policy, CallRecord[] calls, LoggedCall[]? logged = null, double climbRate = 0)
    {
        var rows = new LoggedRows(policy, against: null, isReference: false, PriceBook.Embedded, climbRate);
        foreach (var call in calls) rows.Add(LoggedTraffic.Of(call)!);
        foreach (var call in logged ?? []) rows.Add(call);
        return rows;
    }

    private static (long?, CostSource) Cost(ReplayRow row) => (row.A.CostNanoUsd, row.A.CostSource);
}
