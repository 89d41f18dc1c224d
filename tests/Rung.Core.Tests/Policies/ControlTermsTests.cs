using Rung.Core.Alerts;
using Rung.Core.Policies;

namespace Rung.Core.Tests.Policies;

public class ControlTermsTests
{
    [Fact]
    public void A_policy_that_says_nothing_acts_with_a_cool_down_and_tells_only_the_log()
    {
        var terms = SomePolicy.Snapshot(SomePolicy.Minimal).Control;

        Assert.Equal(SteeringMode.Act, terms.Steering);
        Assert.Equal(TimeSpan.FromHours(24), terms.CoolDown);
        Assert.Equal(3, terms.DemotionsPerDay);
        Assert.Empty(terms.Budgets);
        Assert.Empty(terms.Alerts);
    }

    [Fact]
    public void Every_term_reaches_the_snapshot_and_stays_under_a_revision_number()
    {
        var terms = SomePolicy.Snapshot(SomePolicy.Full).WithRevision(7).Control;

        Assert.Equal(SteeringMode.Propose, terms.Steering);
        Assert.Equal(TimeSpan.FromHours(12.5), terms.CoolDown);
        Assert.Equal(2, terms.DemotionsPerDay);
        Assert.Equal(("all", 500_000_000_000, BudgetPeriod.Month, 0), Of(terms.Budgets[0]));
        Assert.Equal(("search", 12_500_000_000, BudgetPeriod.Week, 2), Of(terms.Budgets[1]));
        Assert.Equal(new AlertTarget("oncall", new SecretReference("RUNG_ALERT_URL", null), AlertFormat.Slack, null, AlertSeverity.Warning), terms.Alerts[0]);
        Assert.Equal(new AlertTarget("own", new SecretReference(null, "/run/secrets/hook"), AlertFormat.Rung, new SecretReference("RUNG_ALERT_SECRET", null), AlertSeverity.Info), terms.Alerts[1]);

        static (string, long, BudgetPeriod, int) Of(Budget budget) => (budget.Name, budget.NanoUsd, budget.Period, budget.Tags.Length);
    }

    [Theory]
    [InlineData("alerts: { oncall: { url: \"https://hooks.example/T0/B0/XXXX\" } }", "alerts.oncall.url")]
    [InlineData("alerts: { oncall: { url: { env: \"https://hooks.example/T0/B0/XXXX\" } } }", "alerts.oncall.url.env")]
    [InlineData("alerts: { oncall: { url: { env: HOOK }, secret: XXXX-key-of-ours } }", "alerts.oncall.secret")]
    [InlineData("alerts: { oncall: { url: { env: \"${XXXX}\" } } }", "alerts.oncall.url.env")]
    public void An_address_or_a_key_in_the_policy_is_a_fault_that_does_not_show_it(string lines, string path)
    {
        var fault = SomePolicy.Fault($"{SomePolicy.Minimal}\n{lines}\n");

        Assert.Equal(path, fault.Path);
        Assert.DoesNotContain("XXXX", fault.Message + fault.Fix, StringComparison.Ordinal);
        Assert.True(fault.Fix.Contains("env: NAME", StringComparison.Ordinal) || fault.Fix.Contains("bare name", StringComparison.Ordinal), fault.Fix);
    }

    [Theory]
    [InlineData("control: { steering: yes }", "control.steering")]
    [InlineData("control: { cool_down_hours: -1 }", "control.cool_down_hours")]
    [InlineData("control: { demotions_per_day: 0 }", "control.demotions_per_day")]
    [InlineData("budgets: { all: { usd: 0, per: day } }", "budgets.all.usd")]
    [InlineData("budgets: { all: { usd: 5, per: year } }", "budgets.all.per")]
    [InlineData("budgets: { all: { usd: 5 } }", "budgets.all.per")]
    [InlineData("budgets: { all: { usd: 5, per: day, tags: [] } }", "budgets.all.tags")]
    [InlineData("alerts: { a: { format: slack } }", "alerts.a.url")]
    [InlineData("alerts: { a: { url: { env: A, file: /b } } }", "alerts.a.url")]
    [InlineData("alerts: { a: { url: { env: A }, at_least: fatal } }", "alerts.a.at_least")]
    public void A_term_out_of_its_range_is_a_fault_at_its_place(string lines, string path) =>
        Assert.Equal(path, SomePolicy.Fault($"{SomePolicy.Minimal}\n{lines}\n").Path);

    [Fact]
    public void Steering_off_is_read_as_a_word_with_and_without_quotes()
    {
        Assert.Equal(SteeringMode.Off, SomePolicy.Snapshot(SomePolicy.Minimal + "\ncontrol: { steering: off }").Control.Steering);
        Assert.Equal(SteeringMode.Off, SomePolicy.Snapshot(SomePolicy.Minimal + "\ncontrol: { steering: \"off\" }").Control.Steering);
    }
}
