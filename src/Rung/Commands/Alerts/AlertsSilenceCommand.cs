using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Control.Alerts;
using Rung.Core.Alerts;
using Rung.Storage;

namespace Rung.Commands.Alerts;

/// <summary><c>rung alerts silence</c>: some alerts need not be told for a while.</summary>
internal static class AlertsSilenceCommand
{
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
                var (directory, now) = (parsed.GetRequiredValue(data), clock.GetUtcNow());
                var wish = new SilenceWish(parsed.GetValue(key), parsed.GetValue(tag), parsed.GetValue(kind), parsed.GetRequiredValue(length), parsed.GetRequiredValue(why));
                var by = string.IsNullOrWhiteSpace(parsed.GetValue(who)) ? Environment.UserName : parsed.GetValue(who)!;
                if (SilenceRules.Read(wish, by, now, out var draft) is { } fault) return Refuse(error, fault, wish);

                // 2. Into the ledger, where a running gateway sees it at its next step.
                await using (Ledger.OpenReadOnly(directory, clock))
                {
                    // There must be one already: a silence in a directory that nobody serves from is a slip of the path.
                }
                await using var ledger = Ledger.Open(directory, clock);
                var silence = await ledger.AddSilenceAsync(draft!, cancellationToken);

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

    private static int Refuse(TextWriter error, SilenceFault fault, SilenceWish wish) => fault switch
    {
        SilenceFault.UnknownKind => Output.Fail(error, $"\"{Lines.Clean(wish.Kind!)}\" is no kind of alert.", $"Kinds: {string.Join(", ", AlertWords.Kinds)}."),
        SilenceFault.Everything => Output.Fail(error, "A silence of everything would hide what nobody thought of.", "Name --key, --tag or --kind; of several, all must hold."),
        SilenceFault.NoLength => Output.Fail(error, $"--for \"{Lines.Clean(wish.Length!)}\" is no time.", "Write 30m, 4h or 2d; at most 90d."),
        _ => Output.Fail(error, "--why is empty.", "Say why: whoever is woken by nothing will want to know."),
    };
}
