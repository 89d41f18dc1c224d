using Rung.Commands.Policy;
using Rung.Control.Alerts;
using Rung.Core.Alerts;
using Rung.Storage.Alerts;

namespace Rung.Commands.Alerts;

/// <summary>Alerts for a terminal.</summary>
internal static class AlertsText
{
    /// <summary>Writes what stands, silences, and what is not armed.</summary>
    public static void Write(TextWriter output, AlertListing listing)
    {
        output.WriteLine(Headline(listing));
        foreach (var row in listing.Alerts)
        {
            output.WriteLine();
            Write(output, row, listing.At);
        }
        if (listing.Silences.Count > 0)
        {
            output.WriteLine();
            foreach (var silence in listing.Silences) Lines.Write(output, "silence   ", Sentence(silence));
        }
        if (listing.NotArmed is { Count: > 0 } unarmed)
        {
            output.WriteLine();
            foreach (var tag in unarmed) Lines.Write(output, "not armed ", $"{tag.Tag}: {tag.Why}");
        }
    }

    /// <summary>Writes one alert.</summary>
    public static void Write(TextWriter output, AlertRow row, DateTimeOffset now)
    {
        var alert = row.Alert;
        Lines.Write(output, $"{AlertWords.Of(alert.State).ToUpperInvariant(),-9} ", $"{AlertWords.Of(alert.Severity)}  {alert.Key}{(alert.Tag is { } tag ? $"  tag {tag}" : "")}  ({AlertWords.Title(alert.Kind)})");
        Lines.Write(output, "          ", alert.Summary);
        if (alert.IsOpen && alert.Cause is { } cause) Lines.Write(output, "  cause   ", cause);
        if (alert.IsOpen && alert.Next is { } next) Lines.Write(output, "  next    ", next);
        Lines.Write(output, "  since   ", When(alert, now));
        if (row.SilencedBy is { } silence) Lines.Write(output, "  silent  ", $"by silence {silence}; to end it: rung alerts unsilence {silence}");
    }

    /// <summary>Writes what happened to an alert, the latest first.</summary>
    public static void Write(TextWriter output, IReadOnlyList<AlertEvent> history)
    {
        foreach (var entry in history)
            Lines.Write(output, $"{Lines.Time(entry.At)}  {AlertWords.Of(entry.Change),-9}  ", $"{AlertWords.Of(entry.Severity)}{(entry.IsTold ? "" : ", nobody told")}: {entry.Summary}");
    }

    /// <summary>A silence in a sentence.</summary>
    public static string Sentence(AlertSilence silence)
    {
        var what = string.Join(", ", new[] { silence.Key is { } key ? $"key {key}" : null, silence.Tag is { } tag ? $"tag {tag}" : null, silence.Kind is { } kind ? $"kind {AlertWords.Of(kind)}" : null }.OfType<string>());
        return $"{silence.Id}: {what}, until {Lines.Time(silence.Until)}, by {silence.Who}: {silence.Why}";
    }

    private static string Headline(AlertListing listing)
    {
        if (listing.Alerts.All(row => !row.Alert.IsOpen)) return "Nothing fires, and nothing is pending.";
        var silenced = listing.Silenced > 0 ? $" ({listing.Silenced:N0} more silenced)" : "";
        return $"{listing.Firing:N0} firing{silenced}, {listing.Pending:N0} pending.";
    }

    private static string When(Alert alert, DateTimeOffset now)
    {
        var held = $"{Lines.Time(alert.Since)}";
        return alert.State switch
        {
            AlertState.Pending => $"{held}; seen for {AlertWords.Span(now - alert.PendingAt)}, fires after {AlertWords.Span(alert.For)}",
            AlertState.Firing => $"{held}; fires for {AlertWords.Span(now - (alert.FiringAt ?? alert.PendingAt))}, {(alert.ToldAt is { } told ? $"last told {AlertWords.Span(now - told)} ago" : "nobody was told")}",
            AlertState.Resolved => $"{held}; over since {Lines.Time(alert.EndedAt!.Value)}, after {AlertWords.Span(alert.EndedAt.Value - (alert.FiringAt ?? alert.PendingAt))}",
            _ => $"{held}; over at {Lines.Time(alert.EndedAt!.Value)}, before it fired",
        };
    }
}
