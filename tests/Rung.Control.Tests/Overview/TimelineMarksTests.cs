using System.Collections.Immutable;
using Rung.Control.Overview;
using Rung.Control.Tests.Rollouts;
using Rung.Core.Alerts;
using Rung.Storage.Control;
using Rung.Storage.Revisions;

namespace Rung.Control.Tests.Overview;

public sealed class TimelineMarksTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly RolloutWorld _world = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _world.DisposeAsync().AsTask();

    [Fact]
    public async Task What_people_the_loop_and_rollouts_did_stands_in_order_of_time()
    {
        await _world.PublishAsync();
        _world.Clock.Now += TimeSpan.FromMinutes(1);
        await _world.StartAsync();
        _world.Clock.Now += TimeSpan.FromMinutes(1);
        await _world.Ledger.AppendControlActionAsync(
            new ControlAction { At = _world.Clock.Now, Kind = ControlActionKind.Proposed, Tag = "other", From = "small", To = "large", Why = "its floor is broken" }, None);

        var marks = await MarksAsync();

        Assert.Equal([MarkKind.Revision, MarkKind.Rollout, MarkKind.ControlAction], marks.Select(mark => mark.Kind));
        Assert.Equal("revision 1 by ana: the start", marks[0].Text);
        Assert.Equal(("label", "/rollouts/1", "rollout 1 of label: started at 10 % of calls"), (marks[1].Tag, marks[1].Url, marks[1].Text));
        Assert.Equal("other would have been moved from small to large", marks[2].Text);
    }

    [Fact]
    public async Task A_demotion_is_one_mark_although_it_is_a_revision_too()
    {
        var first = await _world.PublishAsync();
        var revision = new AutomaticRevision
        {
            Hash = "second", Text = RolloutWorld.Policy + "#", Files = ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty, Reason = "demoted", FileHash = null, After = first.Number,
        };
        _world.Clock.Now += TimeSpan.FromMinutes(1);
        await _world.Ledger.PublishAutomaticAsync(
            revision, new ControlAction { At = _world.Clock.Now, Kind = ControlActionKind.Demoted, Tag = "label", From = "small", To = "large", Why = "its floor is broken" }, None);

        var marks = await MarksAsync();

        Assert.Equal(["revision 1 by ana: the start", "label moved from small to large (revision 2)"], marks.Select(mark => mark.Text));
    }

    [Fact]
    public async Task Drift_is_marked_where_it_was_told_and_where_its_watch_says_that_it_began()
    {
        var book = new AlertBook(new AlertTimes(), []);
        var since = _world.Clock.Now.AddMinutes(-40);
        await OverviewWorld.StepAsync(_world, book, OverviewWorld.Condition("climbs:label", AlertKind.EscalationDrift, AlertSeverity.Warning, "climbs of label rose from 2.0 % to 8.1 %", since));

        var marks = await MarksAsync();

        Assert.Equal([(MarkKind.ChangePoint, since), (MarkKind.Alert, _world.Clock.Now)], marks.Select(mark => (mark.Kind, mark.At)));
        Assert.Equal("change point: climbs of label rose from 2.0 % to 8.1 %", marks[0].Text);
        Assert.All(marks, mark => Assert.Equal("/alerts/climbs%3Alabel", mark.Url));
    }

    [Fact]
    public async Task A_change_point_is_seen_in_its_own_window_although_it_was_told_after_it()
    {
        var book = new AlertBook(new AlertTimes(), []);
        var since = _world.Clock.Now.AddHours(-5);
        await OverviewWorld.StepAsync(_world, book, OverviewWorld.Condition("climbs:label", AlertKind.EscalationDrift, AlertSeverity.Warning, "climbs rose", since));

        var marks = await TimelineMarks.ReadAsync(_world.Ledger, since.AddHours(-1), since.AddHours(1), None);

        Assert.Equal((MarkKind.ChangePoint, since), (Assert.Single(marks).Kind, marks[0].At));
    }

    [Fact]
    public async Task The_change_point_of_an_earlier_time_of_the_same_alert_stays()
    {
        var book = new AlertBook(new AlertTimes(), []);
        var first = _world.Clock.Now.AddMinutes(-10);
        await OverviewWorld.StepAsync(_world, book, OverviewWorld.Condition("climbs:label", AlertKind.EscalationDrift, AlertSeverity.Warning, "climbs rose", first));
        _world.Clock.Now += TimeSpan.FromMinutes(11);
        await OverviewWorld.StepAsync(_world, book);
        _world.Clock.Now += TimeSpan.FromMinutes(11);
        var second = _world.Clock.Now.AddMinutes(-2);
        await OverviewWorld.StepAsync(_world, book, OverviewWorld.Condition("climbs:label", AlertKind.EscalationDrift, AlertSeverity.Warning, "climbs rose again", second));

        var marks = await MarksAsync();

        Assert.Equal([first, second], marks.Where(mark => mark.Kind == MarkKind.ChangePoint).Select(mark => mark.At));
        Assert.Equal(["alert: label: calls climb more often", "alert over: label: calls climb more often", "alert: label: calls climb more often"], marks.Where(mark => mark.Kind == MarkKind.Alert).Select(mark => mark.Text));
    }

    [Fact]
    public async Task What_lies_outside_of_the_window_is_not_in_it()
    {
        await _world.PublishAsync();

        Assert.Empty(await TimelineMarks.ReadAsync(_world.Ledger, _world.Clock.Now.AddMinutes(1), _world.Clock.Now.AddHours(1), None));
        Assert.Empty(await TimelineMarks.ReadAsync(_world.Ledger, _world.Clock.Now.AddHours(-1), _world.Clock.Now, None));
        Assert.Empty(await TimelineMarks.ReadAsync(_world.Ledger, _world.Clock.Now, _world.Clock.Now, None));
    }

    private Task<IReadOnlyList<TimelineMark>> MarksAsync() => TimelineMarks.ReadAsync(_world.Ledger, _world.Clock.Now.AddDays(-1), _world.Clock.Now.AddMinutes(1), None);
}
