using System.Buffers;
using System.Text;
using System.Text.Json;
using Rung.Core.Alerts;

namespace Rung.Control.Alerts.Delivery;

/// <summary>
/// A message of an incoming webhook of Slack, and of what takes the same (Mattermost, Rocket.Chat, Discord's /slack): <c>text</c> for
/// notifications and for receivers that know no blocks, <c>blocks</c> for people.
/// </summary>
internal static class SlackPayload
{
    // Slack refuses a whole message for one block too many or one text too long: 50 blocks, 150 characters of a header, 3,000 of a section.
    // All blocks together are bounded too, at about 13,000 characters; that limit is not documented.
    private const int MostSections = 40;
    private const int MostSectionCharacters = 2900;
    private const int MostCharacters = 11_000;

    public static byte[] Write(AlertMessage message)
    {
        var sections = Sections(message);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, RungPayload.Options))
        {
            json.WriteStartObject();
            json.WriteString("text", Cut(Fallback(message), MostSectionCharacters));
            json.WriteStartArray("blocks");
            WriteBlock(json, "header", "plain_text", message.Headline);
            foreach (var section in sections) WriteBlock(json, "section", "mrkdwn", section);
            if (message.Link is { } link) WriteBlock(json, "section", "mrkdwn", $"<{link.AbsoluteUri}|All alerts>");
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static List<string> Sections(AlertMessage message)
    {
        var (sections, characters, left) = (new List<string>(), 0, message.Transitions.Length);
        foreach (var group in AlertGroup.Of(message.Transitions))
        {
            var section = Cut(Section(group, message.TitleOf(group)), MostSectionCharacters);
            if (sections.Count == MostSections || characters + section.Length > MostCharacters)
            {
                sections.Add($"… and {left} more. See: `rung alerts`");
                break;
            }
            sections.Add(section);
            characters += section.Length;
            left -= group.Transitions.Length;
        }
        return sections;
    }

    private static string Section(AlertGroup group, string title)
    {
        var text = new StringBuilder($"{Sign(group.Transitions[0])} *{Escape(title)}*");
        foreach (var transition in group.Transitions)
        {
            var alert = transition.Alert;
            text.Append($"\n{Escape(AlertWords.Head(transition))}: {Escape(alert.Summary)}");
            if (!alert.IsOpen) continue;
            if (alert.Cause is { } cause) text.Append($"\nLikely cause: {Escape(cause)}");
            if (alert.Next is { } next) text.Append($"\nNext: `{Escape(next).Replace('`', '\'')}`");
        }
        return text.ToString();
    }

    private static string Fallback(AlertMessage message) =>
        $"{Escape(message.Headline)}. {string.Join(" ", message.Transitions.Select(transition => Escape(AlertWords.Line(transition))))}";

    private static string Sign(AlertTransition transition) => transition.Alert switch
    {
        { IsOpen: false } => ":large_green_circle:",
        { Severity: AlertSeverity.Critical } => ":red_circle:",
        { Severity: AlertSeverity.Warning } => ":large_yellow_circle:",
        _ => ":large_blue_circle:",
    };

    // These three begin commands: <!channel> would wake everybody.
    private static string Escape(string text) => text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Cut(string text, int most)
    {
        if (text.Length <= most) return text;
        var end = most - 1;
        if (char.IsHighSurrogate(text[end - 1])) end--;
        var entity = text.LastIndexOf('&', end - 1, 6); // Half an entity would be shown as it is.
        if (entity >= 0 && text.IndexOf(';', entity, end - entity) < 0) end = entity;
        return $"{text[..end]}…";
    }

    private static void WriteBlock(Utf8JsonWriter json, string block, string kind, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", block);
        json.WriteStartObject("text");
        json.WriteString("type", kind);
        json.WriteString("text", text);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
