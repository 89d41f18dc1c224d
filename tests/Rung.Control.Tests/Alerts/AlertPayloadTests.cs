using System.Text;
using System.Text.Json;
using Rung.Control.Alerts.Delivery;
using Rung.Core.Alerts;
using Rung.Core.Policies;
using static Rung.Control.Tests.Alerts.SomeAlerts;

namespace Rung.Control.Tests.Alerts;

public class AlertPayloadTests
{
    [Fact]
    public void Our_own_form_holds_everything_by_groups()
    {
        using var json = JsonDocument.Parse(AlertPayload.Write(AlertFormat.Rung, Message(Floor(), Floor("other"))));
        var root = json.RootElement;

        Assert.Equal((1, false, "Rung: 2 firing", "2026-11-22T12:00:00Z"), (root.GetProperty("version").GetInt32(), root.GetProperty("test").GetBoolean(), root.GetProperty("text").GetString(), root.GetProperty("at").GetString()));
        Assert.Equal(32, root.GetProperty("id").GetString()!.Length);
        Assert.Equal(2, root.GetProperty("groups").GetArrayLength());
        var group = root.GetProperty("groups")[0];
        Assert.Equal(("classify-intent", "quality_floor", "classify-intent: quality below its floor"), (Text(group, "tag"), Text(group, "kind"), Text(group, "title")));
        var alert = group.GetProperty("alerts")[0];
        Assert.Equal(("floor:classify-intent", "fired", "firing", "critical", "rung policy diff 13 14"), (Text(alert, "key"), Text(alert, "change"), Text(alert, "state"), Text(alert, "severity"), Text(alert, "next")));
        Assert.Contains("0.951 ± 0.012", Text(alert, "summary"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, alert.GetProperty("ended_at").ValueKind);
    }

    [Fact]
    public void Slack_gets_a_text_and_blocks_in_which_nothing_is_a_command()
    {
        var hostile = Floor() with { Summary = "<!channel> & <https://evil.example|click>", Cause = null, Next = "rung `x`" };
        using var json = JsonDocument.Parse(AlertPayload.Write(AlertFormat.Slack, Message(hostile)));
        var blocks = json.RootElement.GetProperty("blocks");
        var section = blocks[1].GetProperty("text");

        Assert.Equal(("header", "plain_text", "Rung: 1 firing"), (Text(blocks[0], "type"), Text(blocks[0].GetProperty("text"), "type"), Text(blocks[0].GetProperty("text"), "text")));
        Assert.Equal("mrkdwn", Text(section, "type"));
        Assert.Contains("&lt;!channel&gt; &amp; &lt;https", Text(section, "text"), StringComparison.Ordinal);
        Assert.Contains("Next: `rung 'x'`", Text(section, "text"), StringComparison.Ordinal);
        Assert.DoesNotContain("<!", Text(json.RootElement, "text"), StringComparison.Ordinal);
        Assert.StartsWith("Rung: 1 firing. firing (critical): ", Text(json.RootElement, "text"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_flood_stays_within_what_slack_takes_and_says_how_many_are_missing()
    {
        var flood = Enumerable.Range(0, 300).Select(i => Floor($"t{i:000}") with { Summary = new string('&', 900) }).ToArray();
        using var json = JsonDocument.Parse(AlertPayload.Write(AlertFormat.Slack, Message(flood)));
        var texts = json.RootElement.GetProperty("blocks").EnumerateArray().Select(block => Text(block.GetProperty("text"), "text")!).ToList();

        Assert.InRange(texts.Count, 3, 50);
        Assert.All(texts, text => Assert.InRange(text.Length, 1, 3000));
        Assert.InRange(texts.Sum(text => text.Length), 1, 12_500);
        Assert.Contains(texts, text => text.StartsWith("… and 2", StringComparison.Ordinal) && text.Contains("rung alerts", StringComparison.Ordinal));
        Assert.All(texts, text => Assert.DoesNotMatch("&[a-z]*…", text)); // No entity is cut in two.
    }

    [Fact]
    public void Alertmanager_gets_labels_that_do_not_change_and_an_end_that_lies_ahead()
    {
        var book = new AlertBook(new AlertTimes(), []);
        var fired = book.Observe([Floor()], [], Noon).Transitions;
        var later = book.Observe([Floor() with { Summary = "other numbers" }], [], Noon.AddHours(4)).Transitions;
        var over = book.Observe([], [], Noon.AddHours(5)).Transitions;
        var (first, second, third) = (Only(fired, Noon), Only(later, Noon.AddHours(4)), Only(over, Noon.AddHours(5)));

        Assert.Equal(first.GetProperty("labels").GetRawText(), second.GetProperty("labels").GetRawText());
        Assert.Equal("""{"alertname":"RungQualityFloor","severity":"critical","kind":"quality_floor","key":"floor:classify-intent","tag":"classify-intent"}""", first.GetProperty("labels").GetRawText());
        Assert.Equal(("2026-11-22T12:00:00.000Z", "2026-11-22T12:05:00.000Z"), (Text(first, "startsAt"), Text(first, "endsAt")));
        Assert.Equal(("2026-11-22T12:00:00.000Z", "2026-11-22T16:05:00.000Z"), (Text(second, "startsAt"), Text(second, "endsAt")));
        Assert.Equal(("2026-11-22T12:00:00.000Z", "2026-11-22T17:00:00.000Z"), (Text(third, "startsAt"), Text(third, "endsAt")));
        Assert.Equal("other numbers", Text(second.GetProperty("annotations"), "summary"));
        Assert.Equal("http://127.0.0.1:7070/alerts", Text(first, "generatorURL"));

        static JsonElement Only(System.Collections.Immutable.ImmutableArray<AlertTransition> transitions, DateTimeOffset at)
        {
            using var json = JsonDocument.Parse(AlertPayload.Write(AlertFormat.Alertmanager, AlertMessage.Of("am", transitions, at, new Uri("http://127.0.0.1:7070/alerts"))));
            return Assert.Single(json.RootElement.EnumerateArray()).Clone();
        }
    }

    [Theory]
    [InlineData(AlertFormat.Rung)]
    [InlineData(AlertFormat.Slack)]
    [InlineData(AlertFormat.Alertmanager)]
    public void A_test_says_that_it_is_one_in_every_form(AlertFormat format)
    {
        var text = Encoding.UTF8.GetString(AlertPayload.Write(format, AlertMessage.Test("oncall", Noon, null)));
        Assert.DoesNotContain("in trouble", text, StringComparison.Ordinal);

        Assert.Contains("test of the alert target oncall: nothing happened", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_has_the_same_id_for_the_same_news_and_another_for_other_targets_and_times()
    {
        var message = Message();

        Assert.Equal(message.Id, AlertMessage.Of("oncall", message.Transitions, Noon, null).Id);
        Assert.NotEqual(message.Id, AlertMessage.Of("other", message.Transitions, Noon, null).Id);
        Assert.NotEqual(message.Id, AlertMessage.Of("oncall", message.Transitions, Noon.AddSeconds(1), null).Id);
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
