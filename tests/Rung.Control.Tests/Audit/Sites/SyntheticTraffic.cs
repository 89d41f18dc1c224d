using System.Collections.Immutable;
using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Core.Spans;

namespace Rung.Control.Tests.Audit.Sites;

/// <summary>Traffic whose truth is known: the job that made a call stands in its provider, which grouping never looks at.</summary>
internal sealed class SyntheticTraffic(int seed)
{
    private static readonly string[] Syllables = ["ba", "ker", "mon", "ti", "sel", "ra", "vin", "do", "lu", "pen", "gar", "ost", "fi", "nel", "cru", "ham", "je", "wol", "pra", "zin"];
    private static readonly string[] Names = ["Alice", "Bob", "Chandra", "Dmitri", "Elena", "Farid", "Grace", "Hiro", "Ines", "Jonas", "Kofi", "Lena", "Marta", "Nikhil", "Olga", "Pablo"];
    private static readonly DateTimeOffset Start = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Random random = new(seed);
    private readonly List<(DateTimeOffset At, ImportedCall Call)> calls = [];
    private int made;

    /// <summary>The source of chance, for what a job inserts.</summary>
    public Random Random => random;

    /// <summary>A word that no language has.</summary>
    public string Word() => Syllables[random.Next(20)] + Syllables[random.Next(20)] + (random.Next(2) == 0 ? Syllables[random.Next(20)] : "");

    /// <summary>A sentence of such words, from the job's own store of chance.</summary>
    public string Sentence(int least = 6, int most = 14)
    {
        var words = Enumerable.Range(0, random.Next(least, most)).Select(_ => Word()).ToArray();
        words[0] = char.ToUpperInvariant(words[0][0]) + words[0][1..];
        return string.Join(' ', words) + ".";
    }

    /// <summary>Several sentences.</summary>
    public string Prose(int sentences) => string.Join(' ', Enumerable.Range(0, sentences).Select(_ => Sentence()));

    /// <summary>A person's name.</summary>
    public string Name() => Names[random.Next(Names.Length)] + (random.Next(2) == 0 ? "" : " " + Names[random.Next(Names.Length)] + "son");

    /// <summary>One of few, the first much more often than the last.</summary>
    public T Skewed<T>(IReadOnlyList<T> items) => items[Math.Min(items.Count - 1, (int)(items.Count * Math.Pow(random.NextDouble(), 2.2)))];

    /// <summary>Adds calls of one job, spread over a part of the month.</summary>
    public void Add(string truth, int count, Func<Shape> make, double from = 0, double to = 1)
    {
        for (var i = 0; i < count; i++)
        {
            var at = Start + TimeSpan.FromDays(30 * (from + ((to - from) * random.NextDouble())));
            calls.Add((at, make().ToCall(truth, at, $"c{made++}")));
        }
    }

    /// <summary>Adds a conversation: each call repeats all messages before it.</summary>
    public void AddConversation(string truth, int turns, Func<string> say, Func<Shape> make)
    {
        var at = Start + TimeSpan.FromDays(29 * random.NextDouble());
        var messages = new List<(string, string)>();
        var session = $"s{made}";
        for (var turn = 0; turn < turns; turn++)
        {
            messages.Add(("user", say()));
            var shape = make() with { Messages = [.. messages], Session = session };
            calls.Add((at + TimeSpan.FromMinutes(turn), shape.ToCall(truth, at + TimeSpan.FromMinutes(turn), $"c{made++}")));
            messages.Add(("assistant", Prose(2)));
        }
    }

    /// <summary>The calls in the order of time.</summary>
    public IEnumerable<ImportedCall> InOrder() => calls.OrderBy(call => call.At).ThenBy(call => call.Call.Key, StringComparer.Ordinal).Select(call => call.Call);

    /// <summary>The calls in another order.</summary>
    public IEnumerable<ImportedCall> Shuffled(int by)
    {
        var all = InOrder().ToArray();
        new Random(by).Shuffle(all);
        return all;
    }

    /// <summary>What a job sends.</summary>
    internal sealed record Shape
    {
        public string? System { get; init; }
        public ImmutableArray<(string, string)> Messages { get; init; } = [];
        public string? User { init => Messages = value is null ? [] : [("user", value)]; }
        public string? Answer { get; init; } = "Certainly. The matter was looked at and nothing else was found in it today.";
        public string? Schema { get; init; }
        public string? Agent { get; init; }
        public string? Step { get; init; } = "chat gpt-5-mini";
        public string? Role { get; init; }
        public string? Session { get; init; }
        public string? Team { get; init; }
        public string Model { get; init; } = "gpt-5-mini";
        public ImmutableArray<string> Tools { get; init; } = [];
        public ImmutableArray<string> ToolCalls { get; init; } = [];
        public RequestedOutput? Output { get; init; }
        public double? Temperature { get; init; }
        public int? MaxTokens { get; init; }
        public bool WithoutContent { get; init; }

        public ImportedCall ToCall(string truth, DateTimeOffset at, string key) => new()
        {
            Source = "test",
            Key = key,
            StartedAt = at,
            Provider = truth,
            Model = Model,
            Usage = new TokenUsage { Input = 400, Output = 50, Source = UsageSource.Provider },
            Status = ImportedStatus.Answered,
            Agent = Agent,
            Step = Step,
            Role = Role,
            Session = Session,
            Team = Team,
            Tools = Tools,
            ToolCalls = ToolCalls,
            Output = Output,
            Temperature = Temperature,
            MaxTokens = MaxTokens,
            Content = WithoutContent ? null : new CallContent { System = System, Messages = Messages, Schema = Schema, Answer = Answer },
        };
    }
}

/// <summary>How well sites are those of the truth.</summary>
/// <param name="Purity">Share of calls that are of their site's most frequent job.</param>
/// <param name="Completeness">Share of calls that are in their job's largest site.</param>
/// <param name="Sites">The sites.</param>
internal sealed record Recovery(double Purity, double Completeness, IReadOnlyList<CallSite> Sites)
{
    public static Recovery Of(IEnumerable<ImportedCall> calls, SiteNames? names = null)
    {
        var finder = new SiteFinder(names ?? SiteNames.Empty);
        foreach (var call in calls) finder.Add(call, TraitReader.Read(call, keepOpening: false), new CallRating(1_000));
        return Of(finder.Complete());
    }

    public static Recovery Of(IReadOnlyList<CallSite> sites)
    {
        var cells = sites.SelectMany(site => site.Statistics.Models.GroupBy(use => use.Provider).Select(use => (Site: site, Truth: use.Key, Calls: use.Sum(one => one.Calls)))).ToList();
        var total = (double)cells.Sum(cell => cell.Calls);
        return new Recovery(
            cells.GroupBy(cell => cell.Site).Sum(site => site.Max(cell => cell.Calls)) / total,
            cells.GroupBy(cell => cell.Truth).Sum(truth => truth.Max(cell => cell.Calls)) / total,
            sites);
    }

    /// <summary>Which job is where, for the message of a failing test.</summary>
    public override string ToString() => $"purity {Purity:0.000}, completeness {Completeness:0.000}, {Sites.Count} sites\n" + string.Join('\n', Sites.Take(60).Select(site =>
        $"  {site.Tag} ({site.GroupedBy}): {string.Join(", ", site.Statistics.Models.GroupBy(use => use.Provider).OrderByDescending(use => use.Sum(one => one.Calls)).Take(8).Select(use => $"{use.Key}={use.Sum(one => one.Calls)}"))}"));
}
