using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Imports;

namespace Rung.Control.Tests.Imports.Otlp;

public sealed class TraceWindowTests
{
    // Three traces of an agent with a wrapper, calls and tools: every kind of relation.
    private static readonly TestSpan[] Spans = [.. Enumerable.Range(1, 3).SelectMany(trace => new[]
    {
        new TestSpan { Id = "00000000000000a0", Name = "invoke_agent writer", Start = 0, End = 100, Attributes = new() { ["gen_ai.operation.name"] = "invoke_agent", ["gen_ai.agent.name"] = "writer", ["gen_ai.usage.input_tokens"] = 600, ["session.id"] = $"s{trace}" } },
        new TestSpan { Id = "00000000000000b0", Parent = "00000000000000a0", Name = "draft", Start = 1, End = 50 },
        TestSpan.Call("00000000000000c0", "00000000000000b0", 2, input: 300) with { Name = "ai.generateText" },
        TestSpan.Call("00000000000000c1", "00000000000000c0", 3, input: 100),
        new TestSpan { Id = "00000000000000d0", Parent = "00000000000000b0", Name = "validate_draft", Start = 10, End = 12 },
        TestSpan.Call("00000000000000c2", "00000000000000b0", 20, input: 200),
        TestSpan.Call("00000000000000c3", "00000000000000a0", 60, input: 300).With(("rung.tag", "polish")),
    }.Select(span => span with { Trace = $"{trace:x32}" }))];

    private static readonly string Expected = OtlpLog.Describe(OtlpLog.Read(TestSpan.Export(Spans)).Calls);

    [Fact]
    public void Relations_are_as_a_person_reads_the_trace()
    {
        var calls = OtlpLog.Read(TestSpan.Export(Spans)).Calls.Where(call => call.Run == "00000000000000000000000000000001").ToArray();

        Assert.Equal([(0, "draft", "validate_draft", false), (1, "draft", "polish-is-no-step", false), (2, null, null, true)],
            calls.Select(call => (call.RunPosition!.Value, call.Step, call.RunPosition == 1 ? "polish-is-no-step" : call.FollowedBy, call.EndsRun!.Value)));
        Assert.Equal([100L, 200L, 300L], calls.Select(call => call.Usage.Input));
        Assert.All(calls, call => Assert.Equal(("writer", "s1"), (call.Agent, call.Session)));
        Assert.Equal("writer", calls[1].FollowedBy); // The next thing beside the step is a call of the agent itself.
        Assert.Equal([null, null, "polish"], calls.Select(call => call.Tag));
    }

    [Fact]
    public void Any_order_and_any_cut_into_records_gives_the_same_calls() =>
        Prop.ForAll(Orders(), order =>
        {
            var records = order.Order.Chunk(order.Size).Select(chunk => TestSpan.Export(chunk.Select(i => Spans[i])));
            return OtlpLog.Describe(OtlpLog.Read([.. records]).Calls) == Expected;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_trace_that_does_not_fit_the_window_is_neither_lost_nor_counted_twice() =>
        Prop.ForAll(Orders(), order =>
        {
            // One span a record and a window of one to seven: nearly every trace is torn apart.
            var log = OtlpLog.Read(order.Size, [.. order.Order.Select(i => TestSpan.Export(Spans[i]))]);
            // The wrapper repeats its child: either of both may stand for the two, but never both, and never none.
            var byTrace = log.Calls.GroupBy(call => call.Run).ToDictionary(group => group.Key!, group => group.Select(call => call.Key[^2..]).Order().ToArray());
            return byTrace.Count == 3 && byTrace.Values.All(ids => string.Join(",", ids) is "c1,c2,c3" or "c0,c2,c3");
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Torn_traces_are_counted()
    {
        var log = OtlpLog.Read(1, [.. Spans.Select(span => TestSpan.Export(span))]);

        Assert.True(log.SplitTraces > 0);
        Assert.Contains("a part of a trace came after the rest had gone", log.Notes[0], StringComparison.Ordinal);
        Assert.Contains(log.Calls, call => call.RunPosition is null);
    }

    private static Arbitrary<(int[] Order, int Size)> Orders() =>
        (from seed in Gen.Choose(0, int.MaxValue - 1)
         from size in Gen.Choose(1, 7)
         select (Shuffled(seed), size)).ToArbitrary();

    private static int[] Shuffled(int seed)
    {
        var order = Enumerable.Range(0, Spans.Length).ToArray();
        new Random(seed).Shuffle(order);
        return order;
    }
}
