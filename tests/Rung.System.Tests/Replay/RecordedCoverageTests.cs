using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Recorded;
using Rung.Replay;
using Rung.Tests.Cascade;
using Xunit.Abstractions;

namespace Rung.Tests.Replay;

/// <summary>
/// On recorded grades of several models the value of every policy is known. Traffic that a random policy would have logged is drawn from them 500 times, and
/// another policy, which chooses by tag, is judged by that traffic alone: 95 % intervals must hold its value in at least 93 % of the draws.
/// </summary>
public sealed class RecordedCoverageTests(ITestOutputHelper output)
{
    private const int Repetitions = 500;
    private const int Calls = 1000;

    /// <summary>Two models, the strong one drawn for a quarter of the calls; the policy asks it for seven tags of eight, many of them rare.</summary>
    [Fact]
    public Task Intervals_cover_the_value_of_a_policy_on_two_models_and_57_tags() =>
        CoverAsync("data/routellm-mmlu/outcomes.jsonl.gz", [("mixtral-8x7b-instruct-v0.1", 3), ("gpt-4-1106-preview", 1)], tag => tag % 8 == 0 ? 0 : 1);

    /// <summary>Four models from 44 to 70 % right; the policy asks each of them for some tags, the one of the least chance most of all.</summary>
    [Fact]
    public Task Intervals_cover_the_value_of_a_policy_on_four_models_and_14_tags() =>
        CoverAsync(
            "data/mmlu-pro/outcomes.jsonl.gz",
            [("llama-3.1-8b-instruct", 8), ("gemini-1.5-flash-002", 5), ("llama-3.1-70b-instruct", 4), ("gemini-1.5-pro-002", 3)], tag => tag % 7 < 3 ? tag % 7 : 3);

    /// <param name="file">The recording.</param>
    /// <param name="pool">The models of the logging policy, drawn by their weights.</param>
    /// <param name="choose">The other policy: by number of the tag, the place of its model.</param>
    private async Task CoverAsync(string file, (string Model, int Weight)[] pool, Func<int, int> choose)
    {
        if (RepositoryFiles.Shared(output, file) is not { } path) return;
        var recording = await RecordedOutcomes.ReadAsync([path], [], new RecordedReading { StandIns = true }, CancellationToken.None);
        var tags = recording.Rows.Select(row => row.Source).Distinct().Order(StringComparer.Ordinal).Select((source, place) => (source, place)).ToDictionary(pair => pair.source, pair => pair.place);
        (string Tag, int Choice, double[] Grades)[] rows =
        [
            .. recording.Rows.Where(row => pool.All(model => row.Of(model.Model)?.Score is not null))
                .Select(row => (row.Source, choose(tags[row.Source]), pool.Select(model => row.Of(model.Model)!.Score!.Value).ToArray())),
        ];
        var truth = rows.Average(row => row.Grades[row.Choice]);
        var policy = PolicyOf(pool);
        var (total, covered, missing, width) = (pool.Sum(model => model.Weight), new int[3], 0, new double[3]);

        for (var repetition = 1; repetition <= Repetitions; repetition++)
        {
            var chance = new Random(repetition);
            var verdicts = new LoggedVerdicts(new ModelMatch(policy, PriceBook.Embedded), otherMatch: null);
            for (var i = 0; i < Calls; i++)
            {
                var row = rows[chance.Next(rows.Length)];
                var (logged, left) = (0, chance.NextDouble() * total);
                while (logged < pool.Length - 1 && (left -= pool[logged].Weight) >= 0) logged++;
                var call = Some.Logged("c", i, pool[logged].Model, row.Grades[logged], pool[logged].Weight / (double)total);
                call = call with { Tag = row.Tag, Attempts = [call.Attempts[0] with { Pool = ("hash", "pool") }] };
                verdicts.Add(call, i, new LoggedDecision(call.AsItWas, [(row.Choice, 1.0)]), b: null);
            }
            var quality = verdicts.Estimate(_ => true, new ReplaySampling(0.95, 0, 1), withDifference: false);
            if (quality.CannotBeSaid is not null) missing++;
            var figures = new[] { quality.InversePropensity, quality.SelfNormalised, quality.DoublyRobust };
            for (var i = 0; i < figures.Length; i++)
            {
                if (figures[i] is not { Low: { } low, High: { } high }) continue;
                if (low <= truth && truth <= high) covered[i]++;
                width[i] += (high - low) / Repetitions;
            }
        }

        output.WriteLine($"{rows.Length:N0} rows, value {truth:P1}, {Repetitions} draws of {Calls:N0} calls. Covered: inverse propensity {Said(0)}, self-normalised {Said(1)}, doubly robust {Said(2)}; not said: {missing}.");
        Assert.InRange(missing, 0, Repetitions / 100);
        Assert.All(covered, count => Assert.InRange(count, 0.93 * Repetitions, Repetitions));
        Assert.All(width, mean => Assert.InRange(mean, 0.02, 0.25)); // Honest, and still of use.

        string Said(int estimator) => $"{covered[estimator] / (double)Repetitions:P1} (mean width {width[estimator] * 100:0.0} points)";
    }

    private static PolicySnapshot PolicyOf((string Model, int Weight)[] pool) => ReplayFiles.Compile(string.Join('\n',
    [
        "version: 1", $"tiers: {{ pool: {{ models: [{string.Join(", ", pool.Select(model => model.Model))}] }} }}", "models:",
        .. pool.Select(model => $"  {model.Model}: {{ provider: openai-compatible, url: \"http://127.0.0.1:1/v1\", id: {model.Model}, weight: {model.Weight}, price: {{ input: 1, output: 2 }} }}"),
        "default: { tier: pool }",
    ]));
}
