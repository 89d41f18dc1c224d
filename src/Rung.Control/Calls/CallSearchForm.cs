using System.Globalization;
using Rung.Core.Spans;
using Rung.Storage.Calls;
using Rung.Storage.Reports;

namespace Rung.Control.Calls;

/// <summary>
/// A search for calls as people and programs write it in a URL: the fields of <see cref="Fields"/>, and <c>(none)</c> as the tag of calls without one. The page and <c>GET /rung/calls</c> read it here.
/// </summary>
/// <param name="Search">What to look for; null when something in it cannot be read.</param>
/// <param name="Fault">What cannot be read, and what would be right; null when there is a search.</param>
public sealed record CallSearchForm(CallSearch? Search, string? Fault)
{
    /// <summary>How calls end, as they are written in a URL and in JSON.</summary>
    public static readonly IReadOnlyList<(string Name, CallStatus Status)> Statuses =
    [
        ("answered", CallStatus.Answered), ("answered_unverified", CallStatus.AnsweredUnverified), ("failed", CallStatus.Failed), ("rejected", CallStatus.Rejected),
        ("client_gone", CallStatus.ClientGone), ("cut_short", CallStatus.CutShort),
    ];

    /// <summary>The fields of a search: those that reading one asks for, in that order.</summary>
    public static readonly IReadOnlyList<string> Fields = AskedFor();

    /// <summary>What stands for calls without a tag: no tag has brackets.</summary>
    public const string UntaggedTag = "(none)";

    private const decimal MostUsd = 1_000_000_000m;

    /// <summary>Reads a search.</summary>
    /// <param name="field">The value of a field; null when it is missing or empty.</param>
    /// <param name="limit">Calls of a page where the URL says nothing.</param>
    /// <param name="now">Now, UTC, for spans back from it.</param>
    public static CallSearchForm Read(Func<string, string?> field, int limit, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(field);
        try
        {
            var (since, until, tag) = (Instant("since"), Instant("until"), Text("tag"));
            var search = new CallSearch
            {
                Since = since, Until = until, Tag = tag == UntaggedTag ? null : tag, Untagged = tag == UntaggedTag || YesNo("untagged") == true, Role = Text("role"), Route = Text("route"), Session = Text("session"),
                Model = Text("model"), Tier = Text("tier"), Arm = Text("arm"), Revision = Number("revision", 0, long.MaxValue), Status = Status(), Escalated = YesNo("escalated"), FailedOver = YesNo("failed_over"),
                UnknownPrice = YesNo("unknown_price"), MinCostNanoUsd = Amount(), MinLatencyMicros = Latency(), Limit = (int)(Number("limit", 1, CallSearch.MostLimit) ?? limit), After = Place(),
            };
            if (search.Since >= search.Until) throw new FormatException("since is not before until.");
            return new CallSearchForm(search, null);
        }
        catch (FormatException e)
        {
            return new CallSearchForm(null, e.Message);
        }

        string? Text(string name) => field(name) is { Length: > 0 } text ? text : null;

        DateTimeOffset? Instant(string name) => Text(name) switch
        {
            null => null,
            var text when ReportQuery.TryParseInstant(text, now, out var instant) => instant,
            var text => throw Wrong(name, text, "a span back from now (7d, 24h, 90m, 2w) or an ISO date or time, UTC (2026-11-22, 2026-11-22T08:00Z)"), // Browsers write 2026-11-22T08:00.
        };

        CallStatus? Status()
        {
            if (Text("status") is not { } text) return null;
            foreach (var (name, status) in Statuses)
            {
                if (name == text) return status;
            }
            throw Wrong("status", text, string.Join(", ", Statuses.Select(status => status.Name)));
        }

        bool? YesNo(string name) => Text(name) switch
        {
            null => null, "true" or "1" or "yes" => true, "false" or "0" or "no" => false, var text => throw Wrong(name, text, "true or false"),
        };

        long? Amount()
        {
            if (Text("min_cost_usd") is not { } text) return null;
            return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var usd) && usd <= MostUsd
                ? (long)decimal.Ceiling(usd * 1_000_000_000m)
                : throw Wrong("min_cost_usd", text, "an amount of US dollars, such as 0.005");
        }

        long? Latency()
        {
            if (Text("min_ms") is not { } text) return null;
            return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var milliseconds) && milliseconds <= 1e12
                ? (long)Math.Ceiling(milliseconds * 1000)
                : throw Wrong("min_ms", text, "milliseconds, such as 1500");
        }

        long? Number(string name, long least, long most)
        {
            if (Text(name) is not { } text) return null;
            return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
                ? number
                : throw Wrong(name, text, string.Create(CultureInfo.InvariantCulture, $"a whole number, at least {least}{(most < long.MaxValue ? $" and at most {most}" : "")}"));
        }

        string? Place() => Text("after") switch
        {
            null => null, var text when CallReading.IsId(text) => text, _ => throw new FormatException("after is no place in the list. Take it from \"next\" of the page before, or leave it out to begin with the newest call."),
        };

        static FormatException Wrong(string name, string text, string right) => new($"{name} \"{Short(text)}\" cannot be read. Write {right}.");
    }

    private static List<string> AskedFor()
    {
        var asked = new List<string>();
        Read(Nothing, limit: 1, DateTimeOffset.UnixEpoch);
        return [.. asked.Distinct()];

        string? Nothing(string name)
        {
            asked.Add(name);
            return null;
        }
    }

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
