using System.CommandLine;
using System.Globalization;
using Rung.Control.Feedback;

namespace Rung.Commands;

/// <summary><c>rung feedback</c>: what goes with <c>POST /rung/feedback</c>.</summary>
internal static class FeedbackCommand
{
    public static Command Create(TimeProvider clock) => Create(clock, () => Environment.GetEnvironmentVariable(FeedbackTokens.Variable));

    internal static Command Create(TimeProvider clock, Func<string?> secret) =>
        new("feedback", "Feedback on answers: tokens for browsers.") { Token(clock, secret) };

    private static Command Token(TimeProvider clock, Func<string?> secret)
    {
        var call = new Option<string?>("--call") { Description = "The call that feedback may be given on: its x-rung-call-id.", HelpName = "ID" };
        var session = new Option<string?>("--session") { Description = "The session that feedback may be given on, with its calls.", HelpName = "S" };
        var by = new Option<string?>("--by") { Description = "Whom the feedback is from: a pseudonym; else user.", HelpName = "WHO" };
        var ttl = new Option<string>("--ttl") { Description = "How long the token lives: 90s, 30m, 12h, 7d; at most 30d.", HelpName = "TIME", DefaultValueFactory = _ => "1h" };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("token", $"Make a token that can do nothing but give feedback on one call or session. Needs {FeedbackTokens.Variable}, the same as the gateway's.") { call, session, by, ttl, json };
        command.SetAction(parsed =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                if (FeedbackTokens.Read(secret()) is not { } tokens)
                    return Output.Fail(error, $"Feedback tokens are off: {FeedbackTokens.Variable} is not set.", "Set it to the gateway's secret, at least 32 characters: openssl rand -hex 32");
                if (!TryTime(parsed.GetRequiredValue(ttl), out var life)) return Output.Fail(error, $"--ttl \"{parsed.GetRequiredValue(ttl)}\" is no time.", "Write 90s, 30m, 12h or 7d; at most 30d.");
                var scope = FeedbackTokenRequest.Make(parsed.GetValue(call), parsed.GetValue(session), parsed.GetValue(by), life, clock.GetUtcNow());
                var token = tokens.Mint(scope);
                if (parsed.GetValue(json)) Output.WriteJson(output, new { Token = token, scope.CallId, scope.Session, scope.By, scope.ExpiresAt });
                else output.WriteLine(token);
                return ExitCode.Ok;
            }
            catch (FormatException e)
            {
                return Output.Fail(error, e.Message);
            }
            catch (FeedbackException e)
            {
                return Output.Fail(error, e.Message);
            }
        });
        return command;
    }

    private static bool TryTime(string text, out TimeSpan time)
    {
        time = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return false;
        double? seconds = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => null };
        if (seconds is not { } unit || number * unit > FeedbackTokens.Longest.TotalSeconds || number == 0) return false;
        time = TimeSpan.FromSeconds(number * unit);
        return true;
    }
}
