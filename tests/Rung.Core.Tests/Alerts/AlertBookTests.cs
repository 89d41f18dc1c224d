using Rung.Core.Alerts;
using static Rung.Core.Tests.Alerts.SomeAlerts;

namespace Rung.Core.Tests.Alerts;

public class AlertBookTests
{
    private readonly AlertBook book = new(Times, []);

    [Fact]
    public void A_condition_fires_once_however_often_it_is_named()
    {
        var first = Assert.Single(Observe(0, Floor()).Transitions);
        Assert.Equal((AlertChange.Fired, AlertState.Firing, true), (first.Change, first.Alert.State, first.IsTold));

        Assert.Empty(Observe(0, Floor()).Transitions);
        Assert.Empty(Observe(1, Floor()).Transitions);
        Assert.Empty(Observe(1, Floor(), Floor()).Transitions);
    }

    [Fact]
    public void A_condition_that_must_hold_for_a_while_is_pending_first_and_is_withdrawn_without_a_word_when_it_ends_before()
    {
        Assert.Equal((AlertChange.Began, false), Only(Observe(0, Floor(forMinutes: 5))));
        Assert.Empty(Observe(4, Floor(forMinutes: 5)).Transitions);
        Assert.Equal((AlertChange.Withdrawn, false), Only(Observe(4.5)));

        Assert.Equal((AlertChange.Began, false), Only(Observe(5, Floor(forMinutes: 5))));
        Assert.Equal((AlertChange.Fired, true), Only(Observe(10, Floor(forMinutes: 5))));
    }

    [Fact]
    public void One_that_comes_back_within_the_time_to_keep_firing_has_never_been_away()
    {
        Observe(0, Floor());
        Assert.Empty(Observe(3).Transitions);
        Assert.Empty(Observe(9).Transitions);
        Assert.Empty(Observe(9.5, Floor()).Transitions);
        Assert.Empty(Observe(19).Transitions);

        Assert.Equal((AlertChange.Resolved, true), Only(Observe(19.5)));
        Assert.Empty(book.Open);
        Assert.Equal((AlertChange.Fired, true), Only(Observe(20, Floor())));
    }

    [Fact]
    public void A_restart_goes_on_with_what_was_stored_and_counts_it_as_seen()
    {
        var stored = Observe(0, Floor()).Changed;
        var next = new AlertBook(Times, stored);

        Assert.Empty(next.Observe([], [], At(120)).Transitions); // Two hours nobody looked: it is not over because of that.
        Assert.Empty(next.Observe([Floor()], [], At(125)).Transitions);
        Assert.Empty(next.Observe([], [], At(130)).Transitions);
        Assert.Equal(AlertChange.Resolved, Assert.Single(next.Observe([], [], At(135)).Transitions).Change);
    }

    [Fact]
    public void A_more_severe_condition_is_told_again_and_a_milder_one_is_not()
    {
        Observe(0, Floor(severity: AlertSeverity.Warning));
        Assert.Equal((AlertChange.Worsened, true), Only(Observe(1, Floor())));
        Assert.Empty(Observe(2, Floor(severity: AlertSeverity.Info)).Transitions);
    }

    [Fact]
    public void Two_conditions_of_one_key_are_one_alert_the_more_severe()
    {
        var fired = Assert.Single(Observe(0, Floor(severity: AlertSeverity.Info), Floor(), Floor(severity: AlertSeverity.Warning)).Transitions);

        Assert.Equal(AlertSeverity.Critical, fired.Alert.Severity);
    }

    [Fact]
    public void A_firing_alert_is_told_again_every_four_hours_while_its_condition_holds()
    {
        Observe(0, Floor());
        Assert.Empty(Observe(239, Floor()).Transitions);
        Assert.Equal((AlertChange.Reminded, true), Only(Observe(240, Floor())));
        Assert.Empty(Observe(241, Floor()).Transitions);
        Assert.Empty(Observe(481).Transitions.Where(transition => transition.Change == AlertChange.Reminded));
    }

    [Fact]
    public void A_silenced_alert_fires_unsaid_and_is_told_when_the_silence_ends()
    {
        var silence = Silence(tag: "intent");
        Assert.Equal((AlertChange.Fired, false), Only(book.Observe([Floor()], [silence], At(0))));
        Assert.Empty(book.Observe([Floor()], [silence], At(59)).Transitions);
        Assert.Equal((AlertChange.Reminded, true), Only(book.Observe([Floor()], [silence], At(60))));
    }

    [Fact]
    public void The_end_of_what_nobody_was_told_is_not_told_either()
    {
        var silence = Silence(kind: AlertKind.QualityFloor);
        book.Observe([Floor()], [silence], At(0));
        Assert.Equal((AlertChange.Resolved, false), Only(book.Observe([], [], At(10))));
    }

    [Fact]
    public void A_silence_covers_what_meets_all_of_its_conditions_while_it_is_in_force()
    {
        Observe(0, Floor(), Floor("other"));
        var (alert, other) = (book.Open.First(), book.Open.Last());

        Assert.True(Silence(key: "floor:intent").Covers(alert));
        Assert.False(Silence(key: "floor:intent").Covers(other));
        Assert.True(Silence(tag: "other", kind: AlertKind.QualityFloor).Covers(other));
        Assert.False(Silence(tag: "other", kind: AlertKind.CostCeiling).Covers(other));
        Assert.False(Silence(tag: "intent", fromMinute: 5).IsInForce(At(4)));
        Assert.True(Silence(tag: "intent", untilMinute: 5).IsInForce(At(4.9)));
        Assert.False(Silence(tag: "intent", untilMinute: 5).IsInForce(At(5)));
        Assert.False((Silence(tag: "intent") with { EndedAt = At(3) }).IsInForce(At(3)));
    }

    [Fact]
    public void A_changed_text_is_stored_and_a_new_look_at_the_same_thing_is_not()
    {
        Observe(0, Floor());
        Assert.Empty(Observe(1, Floor()).Changed);
        var moved = Observe(2, Floor() with { Summary = "worse" });

        Assert.Empty(moved.Transitions);
        Assert.Equal("worse", Assert.Single(moved.Changed).Summary);
    }

    [Fact]
    public void A_clock_that_goes_back_stands_still()
    {
        Observe(0, Floor());
        Observe(9);
        Assert.Empty(Observe(-60).Transitions);
        Assert.Equal((AlertChange.Resolved, true), Only(Observe(10)));
    }

    private static (AlertChange, bool) Only(AlertObservation observed)
    {
        var transition = Assert.Single(observed.Transitions);
        return (transition.Change, transition.IsTold);
    }

    private static DateTimeOffset At(double minute) => Start.AddMinutes(minute);

    private AlertObservation Observe(double minute, params AlertCondition[] conditions) => book.Observe(conditions, [], At(minute));
}
