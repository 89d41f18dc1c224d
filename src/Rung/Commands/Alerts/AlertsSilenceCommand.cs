using System.CommandLine;
using System.Globalization;
using Rung.Commands.Policy;
using Rung.Core.Alerts;
using Rung.Serving;
using Rung.Storage;
using Rung.Storage.Alerts;

namespace Rung.Commands.Alerts;

/// <summary><c>rung alerts silence</c>: some alerts need not be told for a while.</summary>
internal static class AlertsSilenceCommand
{
    // Whoever wants silence for longer wants another policy.
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(90);

    public static Command Create(TimeProvider clock)
    {
        var key = new Option<string?>("--key") { Description = "The alert with this key.", HelpName = "KEY" };
        var tag = new Option<string?>("--tag") { Description = "Alerts of this tag.", HelpName = "TAG" };
        var kind = new Option<string?>("--kind") { Description = $"Alerts of this kind: {string.Join(", ", AlertWords.Kinds)}.", HelpName = "KIND" };
        var length = new Option<string>("--for") { Description = "For how long: 30m, 4h, 2d; at most 90d.", HelpName = "TIME", Required = true };
        var why = new Option<string>("--why") { Description = "Why, for whoever asks later.", HelpName = "TEXT", Required = true };
        var who = new Option<string?>("--who") { Description = "Who asks for it (default: the user of this machine).", HelpName = "NAME" };
        var data = AlertsCommand.DataOption();
        var json = PolicyCommand.JsonOption();
        var command = new Command("silence", "Tell nobody of some alerts for a while. They still fire, end and are listed; what still fires at the end is told then.") { key, tag, kind, length, why, who, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                // 1. What is asked for.
                AlertKind? wanted = null;
                if (parsed.GetValue(kind) is { } word && (wanted = AlertWords.Kind(word)) is null) return Output.Fail(error, $"\"{Lines.Clean(word)}\" is no kind of alert.", $"Kinds: {string.Join(", ", AlertWords.Kinds)}.");
                if (parsed.GetValue(key) is null && parsed.GetValue(tag) is null && wanted is null) return Output.Fail(error, "A silence of everything would hide what nobody thought of.", "Name --key, --tag or --kind; of several, all must hold.");
                if (ReadLength(parsed.GetRequiredValue(length)) is not { } span) return Output.Fail(error, $"--for \"{Lines.Clean(parsed.GetRequiredValue(length))}\" is no time.", "Write 30m, 4h or 2d; at most 90d.");
                if (string.IsNullOrWhiteSpace(parsed.GetRequiredValue(why))) return Output.Fail(error, "--why is empty.", "Say why: whoever is woken by nothing will want to know.");

                // 2. Into the ledger, where a running gateway sees it at its next step.
                var (directory, now) = (parsed.GetRequiredValue(data), clock.GetUtcNow());
                await using (Ledger.OpenReadOnly(directory, clock))
                {
                    // There must be one already: a silence in a directory that nobody serves from is a slip of the path.
                }
                await using var ledger = Ledger.Open(directory, clock);
                var by = string.IsNullOrWhiteSpace(parsed.GetValue(who)) ? Environment.UserName : parsed.GetValue(who)!;
                var draft = new SilenceDraft { Key = parsed.GetValue(key), Tag = parsed.GetValue(tag), Kind = wanted, From = now, Until = now + span, Who = by, Why = parsed.GetRequiredValue(why) };
                var silence = await ledger.AddSilenceAsync(draft, cancellationToken);

                // 3. What it covers now.
                var covered = (await ledger.ListAlertsAsync(endedSince: null, cancellationToken)).Where(silence.Covers).Select(alert => alert.Key).ToList();
                if (parsed.GetValue(json))
                {
                    Output.WriteJson(output, new { Silence = AlertListing.SilenceJson(silence), Covers = covered });
                }
                else
                {
                    Lines.Write(output, "", $"Silence {AlertsText.Sentence(silence)}.");
                    Lines.Write(output, "", covered.Count == 0 ? "It covers no alert that is open now." : $"It covers {Lines.Count(covered.Count, "open alert")}: {string.Join(", ", covered)}.");
                    Lines.Write(output, "", $"To end it: rung alerts unsilence {silence.Id} --data {directory}");
                }
                return ExitCode.Ok;
            });
        });
        return command;
    }

    /// <summary>A length of time: a whole number and its unit; null when it is none, or is longer than a silence may be.</summary>
    internal static TimeSpan? ReadLength(string text)
    {
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) return null;
        var unit = text[^1] switch { 's' => 1L, 'm' => 60, 'h' => 3600, 'd' => 86_400, 'w' => 7 * 86_400, _ => 0 };
        var seconds = number * unit;
        return unit == 0 || seconds > (long)s_longest.TotalSeconds ? null : TimeSpan.FromSeconds(seconds);
    }
}
