using System.Globalization;
using System.Text;
using Rung.Core.Checks;
using Rung.Core.Learning;

namespace Rung.Core.Tests.Learning;

/// <summary>Made-up graded answers with a law behind them: the weak model errs where the sum it shows is wrong, and the strong one errs rarely.</summary>
internal static class Graded
{
    public static Answer Answer(string prompt, string content) => new()
    {
        Content = Encoding.UTF8.GetBytes(content),
        Context = new CallContext { Prompt = Encoding.UTF8.GetBytes(prompt), Given = Encoding.UTF8.GetBytes(prompt) },
    };

    public static List<TrainingRow> Sums(int count, double weakRight = 0.6, bool priced = true)
    {
        var rows = new List<TrainingRow>();
        for (var i = 0; i < count; i++)
        {
            var chance = new Sequence(i + 1);
            var (a, b) = (2 + chance.Below(90), 2 + chance.Below(90));
            var isRight = chance.Share() < weakRight;
            var shown = isRight ? a + b : a + b + 1 + chance.Below(9);
            var prompt = $"Ann has {a} apples and buys {b} more. How many apples does she have?";
            rows.Add(new TrainingRow
            {
                Id = i.ToString(CultureInfo.InvariantCulture),
                Group = $"g:{i / 2}",
                WeakAnswer = Answer(prompt, $"She has {a} + {b} = <<{a}+{b}={shown}>>{shown} apples.\n#### {shown}"),
                // One answer in ten is graded against its look, as real graders do.
                WeakQuality = chance.Share() < 0.1 != isRight ? 1 : 0,
                StrongQuality = chance.Share() < 0.95 ? 1 : 0,
                WeakCostNanoUsd = priced ? 50_000 : null,
                StrongCostNanoUsd = priced ? 1_000_000 : null,
            });
        }
        return rows;
    }

    public static TrainingOptions Options(ulong seed = 1) => new() { Weak = "small", Strong = "large", Folds = 3, Seed = seed };

    public static VerifierProvenance Provenance(int rows) => new()
    {
        TrainedAt = new DateTimeOffset(2026, 11, 22, 8, 0, 0, TimeSpan.Zero),
        Files = [new TrainingFile("outcomes.jsonl", new string('a', 64))],
        Label = "correct", Tag = "sums", Rows = rows, Folds = 3, Seed = 1,
        Metrics = System.Collections.Immutable.ImmutableSortedDictionary<string, double>.Empty.Add("apgr", 0.8),
    };

    /// <summary>A linear congruential sequence: what a test needs, the same everywhere.</summary>
    internal sealed class Sequence(int seed)
    {
        private ulong _state = ((ulong)seed * 0x9E3779B97F4A7C15) + 1;

        public double Share()
        {
            _state = (_state * 6364136223846793005) + 1442695040888963407;
            return (_state >> 11) * (1.0 / (1UL << 53));
        }

        public int Below(int count) => (int)(Share() * count);
    }
}
