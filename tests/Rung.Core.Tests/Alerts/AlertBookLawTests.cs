using FsCheck;
using FsCheck.Fluent;
using Rung.Core.Alerts;
using static Rung.Core.Tests.Alerts.SomeAlerts;

namespace Rung.Core.Tests.Alerts;

public class AlertBookLawTests
{
    private static readonly Config Fixed = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20_261_122, 11);

    // A history: at each step which of four conditions hold, how long they must, whether they are silenced, how many minutes pass, whether the process restarts.
    private static readonly Arbitrary<int[]> Histories = Gen.ArrayOf(Gen.Choose(0, 1 << 14)).ToArbitrary();

    [Fact]
    public void Every_firing_ends_once_or_is_still_open_and_every_state_follows_from_the_one_before() => Prop.ForAll(Histories, steps =>
    {
        var history = Run(steps);
        foreach (var key in history.SelectMany(step => step.Transitions).GroupBy(transition => transition.Alert.Key))
        {
            AlertState? state = null;
            foreach (var transition in key)
            {
                Assert.Contains((state, transition.Change), Allowed);
                state = transition.Alert.State;
            }
            var (fired, resolved) = (key.Count(transition => transition.Change == AlertChange.Fired), key.Count(transition => transition.Change == AlertChange.Resolved));
            Assert.Equal(fired, resolved + (state == AlertState.Firing ? 1 : 0));
            Assert.Equal(state is AlertState.Pending or AlertState.Firing, history[^1].Open.Contains(key.Key));
        }
    }).Check(Fixed);

    [Fact]
    public void Nothing_happens_without_a_change_and_what_happens_is_stored() => Prop.ForAll(Histories, steps =>
    {
        foreach (var step in Run(steps))
        {
            Assert.Empty(step.Again.Transitions);
            Assert.Empty(step.Again.Changed);
            Assert.All(step.Transitions, transition => Assert.Contains(transition.Alert, step.Changed));
        }
    }).Check(Fixed);

    [Fact]
    public void Nobody_is_told_under_a_silence_and_no_end_is_told_whose_beginning_was_not() => Prop.ForAll(Histories, steps =>
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var step in Run(steps))
        {
            foreach (var transition in step.Transitions.Where(transition => transition.IsTold))
            {
                Assert.False(step.IsSilenced);
                if (transition.Change == AlertChange.Resolved) Assert.True(told.Remove(transition.Alert.Key));
                else told.Add(transition.Alert.Key);
            }
        }
    }).Check(Fixed);

    private static readonly HashSet<(AlertState?, AlertChange)> Allowed =
    [
        (null, AlertChange.Began), (null, AlertChange.Fired),
        (AlertState.Withdrawn, AlertChange.Began), (AlertState.Withdrawn, AlertChange.Fired),
        (AlertState.Resolved, AlertChange.Began), (AlertState.Resolved, AlertChange.Fired),
        (AlertState.Pending, AlertChange.Fired), (AlertState.Pending, AlertChange.Withdrawn),
        (AlertState.Firing, AlertChange.Worsened), (AlertState.Firing, AlertChange.Reminded), (AlertState.Firing, AlertChange.Resolved),
    ];

    private static List<Step> Run(int[] steps)
    {
        var (book, store, now, history) = (new AlertBook(Times, []), new Dictionary<string, Alert>(StringComparer.Ordinal), Start, new List<Step>());
        foreach (var code in steps.Append(0))
        {
            now = now.AddMinutes((code >> 4) % 8 == 7 ? 250 : (code >> 4) % 8);
            if ((code >> 7) % 8 == 0) book = new AlertBook(Times, store.Values);
            var severity = (AlertSeverity)((code >> 10) % 3);
            AlertCondition[] conditions = [.. Enumerable.Range(0, 4).Where(i => (code >> i & 1) != 0).Select(i => Floor($"t{i}", severity, forMinutes: i * 2))];
            AlertSilence[] silences = (code >> 12) % 4 == 0 ? [Silence(kind: AlertKind.QualityFloor, fromMinute: -1, untilMinute: int.MaxValue / 60)] : [];

            var observed = book.Observe(conditions, silences, now);
            foreach (var alert in observed.Changed) store[alert.Key] = alert;
            var again = book.Observe(conditions, silences, now);
            history.Add(new Step([.. observed.Transitions], [.. observed.Changed], again, silences.Length > 0, [.. book.Open.Select(alert => alert.Key)]));
        }
        return history;
    }

    private sealed record Step(List<AlertTransition> Transitions, List<Alert> Changed, AlertObservation Again, bool IsSilenced, HashSet<string> Open);
}
