using System.Collections.Immutable;
using System.Globalization;
using Rung.Core.Alerts;

namespace Rung.Control.Overview;

/// <summary>How soon something should be looked at.</summary>
public enum AttentionLevel : byte
{
    /// <summary>Worth knowing; nothing to do.</summary>
    Note = 0,
    /// <summary>Look today.</summary>
    Look = 1,
    /// <summary>Look now.</summary>
    Now = 2,
}

/// <summary>Something that needs attention, or is worth knowing.</summary>
/// <param name="Level">How soon.</param>
/// <param name="Words">What, in one sentence without its full stop.</param>
/// <param name="Url">The page that says more.</param>
public sealed record AttentionItem(AttentionLevel Level, string Words, string Url);

/// <summary>Whether anything needs attention, and on what that rests.</summary>
public sealed record Attention
{
    /// <summary>What needs attention or is worth knowing, the most urgent first.</summary>
    public required ImmutableArray<AttentionItem> Items { get; init; }
    /// <summary>Begin of the period that was looked at, UTC.</summary>
    public required DateTimeOffset From { get; init; }
    /// <summary>End of the period, UTC, when that is over; null: it goes on.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>Calls of the period.</summary>
    public required long Calls { get; init; }
    /// <summary>Tags with calls in the period.</summary>
    public required int Tags { get; init; }
    /// <summary>Tags with a floor of which too little was judged to say whether it holds.</summary>
    public required int UnsaidFloors { get; init; }
    /// <summary>Tags with a floor that is met or may be.</summary>
    public required int JudgedFloors { get; init; }
    /// <summary>When the last alert ended that fired, UTC; null: none did within a week.</summary>
    public DateTimeOffset? LastEnded { get; init; }
    /// <summary>Whether a control loop watches: without one no alert can begin.</summary>
    public required bool IsWatched { get; init; }

    /// <summary>Calls that wait to be added up and are in no number yet.</summary>
    public long Waiting { get; init; }
    /// <summary>Whether calls of earlier days are still being added up.</summary>
    public bool IsIncomplete { get; init; }

    /// <summary>Whether it is about a time that is over: then nothing of it can need attention any more, and what stood out then is told instead.</summary>
    public bool IsPast => Until is not null;

    /// <summary>The most urgent thing that needs attention, or did then; null: nothing does.</summary>
    public AttentionItem? First => Items.FirstOrDefault(item => item.Level == Level && item.Level > AttentionLevel.Note);

    /// <summary>How many more things need attention, as a sentence after a blank; empty: none.</summary>
    public string AndMore => Needed.Count() - 1 is > 0 and var more
        ? string.Create(CultureInfo.InvariantCulture, $" And {more} more {(more == 1 ? "thing" : "things")} {(IsPast ? "stood out then" : more == 1 ? "needs attention" : "need attention")}.") : "";

    /// <summary>What time a sentence about the past is about, with its colon and a blank; empty for the present.</summary>
    public string About => Until is { } until ? string.Create(CultureInfo.InvariantCulture, $"From {From:yyyy-MM-dd HH:mm} to {until:yyyy-MM-dd HH:mm} UTC: ") : "";

    /// <summary>What needs attention: without what is only worth knowing.</summary>
    public IEnumerable<AttentionItem> Needed => Items.Where(item => item.Level > AttentionLevel.Note);

    /// <summary>The most urgent level there is.</summary>
    public AttentionLevel Level => Items.IsEmpty ? AttentionLevel.Note : Items.Max(item => item.Level);

    /// <summary>Whether there is anything to judge by.</summary>
    public bool HasData => Calls > 0;

    /// <summary>The sentence: what needs attention, or that nothing does, since when and on how many calls. Never a claim without data.</summary>
    public string Sentence(DateTimeOffset now)
    {
        if (First is { } first) return About + Headline(first) + AndMore;
        var time = Until is { } until
            ? string.Create(CultureInfo.InvariantCulture, $"from {From:yyyy-MM-dd HH:mm} to {until:yyyy-MM-dd HH:mm} UTC")
            : string.Create(CultureInfo.InvariantCulture, $"since {From:yyyy-MM-dd HH:mm} UTC");
        if (!HasData && Waiting > 0)
            return string.Create(CultureInfo.InvariantCulture, $"Nothing can be said yet: {Waiting:N0} {(Waiting == 1 ? "call waits" : "calls wait")} to be added up.");
        if (!HasData && IsIncomplete) return "Nothing can be said yet: the calls on record are being added up.";
        if (!HasData) return $"No calls {time}: there is nothing to judge by.";

        var on = string.Create(CultureInfo.InvariantCulture, $"on {Calls:N0} {(Calls == 1 ? "call" : "calls")} of {Tags:N0} {(Tags == 1 ? "tag" : "tags")}");
        var floors = JudgedFloors > 0 ? " and no floor is shown to be broken" : "";
        var unsaid = UnsaidFloors == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" Of {UnsaidFloors:N0} {(UnsaidFloors == 1 ? "floor" : "floors")} too little {(IsPast ? "was judged" : "is judged yet")} to say.");
        // Whether a control loop ran then is not on record: that no alert fired is all that can be said.
        if (IsPast) return $"Nothing stood out: {time}, {on}, no alert fired{floors}.{unsaid}";
        var ended = IsWatched && LastEnded is { } at ? $" The last alert ended {AlertWords.Span(now - at)} ago." : "";
        var unwatched = IsWatched ? "" : " No control loop runs on this ledger, so no alert can begin.";
        return $"Nothing needs attention: {time}, {on}, {(IsWatched ? "no alert fires" : "nothing stands out")}{floors}.{unsaid}{ended}{unwatched}";
    }

    /// <summary>What an item says, as a whole sentence.</summary>
    public static string Headline(AttentionItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return $"{Capital(item.Words)}{(item.Words is [.., '.' or '!' or '?'] ? "" : ".")}";
    }

    private static string Capital(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
}
