using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Calls;
using Rung.Core.Spans;
using Rung.Storage;
using Rung.Storage.Content;
using static Rung.Control.Tests.Calls.SampleCalls;

namespace Rung.Control.Tests.Calls;

/// <summary>What a page of a call is told.</summary>
public sealed class CallReadingTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("rung-calls-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_attempt_has_its_place_in_time_and_its_reason_and_one_is_the_answer()
    {
        var call = Call(1, 0, 4.5, "worker", "t", 30,
            Attempt(0, AttemptKind.First, "haiku", "small", AttemptOutcome.RateLimited, 0.1, 0.2),
            Attempt(1, AttemptKind.Failover, "local", "small", AttemptOutcome.CheckFailed, 0.4, 1, default, new CheckVerdict("schema", false, "no label")),
            Attempt(2, AttemptKind.Verifier, "judge", "small", AttemptOutcome.Completed, 1.5, 0.5),
            Attempt(3, AttemptKind.Escalation, "sonnet", "mid", AttemptOutcome.Completed, 2, 3));

        var reading = CallReading.Of(call, []);

        Assert.Equal([100_000, 400_000, 1_500_000, 2_000_000], reading.Attempts.Select(span => span.OffsetMicros));
        Assert.Equal(5_000_000, reading.LengthMicros); // The last attempt was booked a moment after the reply.
        Assert.Equal([false, false, false, true], reading.Attempts.Select(span => span.IsServed));
        Assert.Equal("Another model of the same rung: haiku ended as rate limited (HTTP 429).", reading.Attempts[1].Why);
        Assert.Equal("One rung up: local gave an answer that failed schema.", reading.Attempts[3].Why);
        Assert.Equal(270, reading.SavingNanoUsd);
    }

    [Fact]
    public void A_saving_with_an_unknown_price_in_it_is_not_said()
    {
        var call = Call(1, 0, 1, null, null, 30, Attempt(0, AttemptKind.First, "haiku", "small", AttemptOutcome.Completed));
        call.UnknownPriceAttempts = 1;

        Assert.Null(CallReading.Of(call, []).SavingNanoUsd);
    }

    [Fact]
    public void Tokens_by_kind_add_up_to_input_and_output()
    {
        var count = Gen.Choose(0, 1000).Select(number => (long)number);
        var usages = Gen.ArrayOf(count, 8).Select(parts => new TokenUsage
        {
            Input = parts[0] + parts[1] + parts[2] + parts[3] + parts[4], CacheRead = parts[1], CacheWrite = parts[2], CacheWriteLong = parts[3], AudioInput = parts[4],
            Output = parts[5] + parts[6] + parts[7], Reasoning = parts[6], AudioOutput = parts[7],
        });

        Check.QuickThrowOnFailure(Prop.ForAll(usages.ToArbitrary(), usage =>
        {
            var parts = TokenPart.Of(usage);
            return parts.All(part => part.Tokens > 0) && parts.Where(part => part.IsInput).Sum(part => part.Tokens) == usage.Input
                && parts.Where(part => !part.IsInput).Sum(part => part.Tokens) == usage.Output;
        }));
    }

    [Fact]
    public async Task Content_is_read_only_for_those_who_may_and_an_unknown_call_is_none()
    {
        await using var ledger = Ledger.Open(folder, TimeProvider.System);
        await using var content = ContentStore.Open(folder, key: null, TimeProvider.System);
        var call = Call(1, 0, 1, "worker", "t", 30, Attempt(0, AttemptKind.First, "haiku", "small", AttemptOutcome.Completed));
        await ledger.AppendAsync([call], CancellationToken.None);
        await ledger.AppendVerdictsAsync([new VerdictRecord { Id = "v", CallId = call.Id, Kind = VerdictKind.Thumbs, Score = 1, Weight = 1, By = "user", At = Noon }], CancellationToken.None);
        await content.AppendCapturesAsync([new CapturedCall
        {
            CallId = call.Id, StartedAt = Noon, ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(1), Route = "t", SampledAt = 0.5, Redactions = 2,
            Request = Encoding.UTF8.GetBytes("""{"messages":[{"role":"user","content":"<script>alert(1)</script>"}]}"""),
            Answers = [new CapturedAnswer { Ordinal = 0, Model = "haiku", Tier = "small", Served = true, Passed = true, Message = Encoding.UTF8.GetBytes("""{"content":"billing"}""") }],
        }], CancellationToken.None);

        var open = await CallReading.ReadAsync(ledger, content, call.Id, mayReadContent: true, CancellationToken.None);
        var closed = await CallReading.ReadAsync(ledger, content, call.Id, mayReadContent: false, CancellationToken.None);
        var bare = await CallReading.ReadAsync(ledger, content: null, call.Id, mayReadContent: true, CancellationToken.None);

        Assert.Equal((ContentStanding.Readable, "<script>alert(1)</script>", "billing"), (open!.Standing, open.Content!.Conversation[0].Text, open.Content.Answers[0].Text));
        Assert.Equal("up (1)", CallWords.Value(Assert.Single(open.Verdicts)));
        Assert.Equal((ContentStanding.NotAllowed, (CallContentReading?)null), (closed!.Standing, closed.Content));
        Assert.Equal(ContentStanding.NotKept, bare!.Standing);
        Assert.Null(await CallReading.ReadAsync(ledger, content, Id(2), mayReadContent: true, CancellationToken.None));
        Assert.Null(await CallReading.ReadAsync(ledger, content, "../etc/passwd", mayReadContent: true, CancellationToken.None));
    }
}
