using System.Globalization;
using System.Text.Json;
using Rung.Control.Reviews;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Reviews;

/// <summary>A data directory with captured calls of one week, on a clock that is moved by hand. Every third call climbed.</summary>
internal sealed class ReviewWorld : IAsyncDisposable
{
    /// <summary>Monday of 2026-W48, 00:00 UTC.</summary>
    public static readonly DateTimeOffset Monday = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

    public static readonly ReviewWeek Week = new(2026, 48);

    public ReviewWorld(DateTimeOffset? now = null)
    {
        Clock = new HandClock(now ?? Monday.AddDays(8));
        Path = Directory.CreateTempSubdirectory("rung-reviews-").FullName;
        Store = ContentStore.Open(Path, key: null, Clock);
        Ledger = Ledger.Open(Path, Clock);
    }

    public string Path { get; }

    public HandClock Clock { get; }

    public ContentStore Store { get; }

    public Ledger Ledger { get; }

    public ReviewPlanner Planner => new(Store, Ledger, Clock);

    public ReviewDesk Desk => new(Store, Ledger, Clock);

    public static ReviewPlanRequest Request(int quota = 100, long? seed = null) => new() { Tag = "label", Quota = quota, Seed = seed };

    public Task CaptureAsync(int from, int count, double captured = 1) => Store.AppendCapturesAsync([.. Enumerable.Range(from, count).Select(number => Call(number, captured))], default);

    public static CapturedCall Call(int number, double captured = 1)
    {
        var at = Monday.AddMinutes(number);
        var climbed = number % 3 == 0;
        var small = new CapturedAnswer { Ordinal = 0, Model = "small-model", Tier = "small", Served = !climbed, Passed = !climbed, Score = climbed ? 0.2 : 0.5 + (number % 50 / 100.0), Message = Message($"small {number}") };
        var large = new CapturedAnswer { Ordinal = 1, Model = "large-model", Tier = "large", Served = true, Passed = true, Message = Message($"large {number}") };
        return new CapturedCall
        {
            CallId = Id(number), StartedAt = at, ExpiresAt = at.AddDays(30), Tag = "label", Route = "label", Session = $"s{number / 4}", User = $"u{number % 7}", SampledAt = captured,
            Request = JsonSerializer.SerializeToUtf8Bytes(new { messages = new object[] { new { role = "system", content = "Label it." }, new { role = "user", content = $"question {number}" } } }),
            Answers = climbed ? [small, large] : [small],
        };
    }

    public static string Id(int number) => Monday.AddMinutes(number).ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture) + number.ToString("x20", CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(Path, recursive: true);
    }

    private static byte[] Message(string text) => JsonSerializer.SerializeToUtf8Bytes(new { role = "assistant", content = text });

    internal sealed class HandClock(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
