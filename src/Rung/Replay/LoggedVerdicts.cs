using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Rung.Core.Policies;
using Rung.Core.Statistics;

namespace Rung.Replay;

/// <summary>The verdicts on first answers, with the chance that the logged model had and the chance that each side would give it.</summary>
/// <param name="match">Tells the policy's models in the log.</param>
/// <param name="otherMatch">The same for the policy that it is compared with; null for what was.</param>
internal sealed class LoggedVerdicts(ModelMatch match, ModelMatch? otherMatch)
{
    /// <summary>Share of the judged calls that may lack support before nothing is said about all of them.</summary>
    private const double MostWithoutSupport = 0.01;

    private readonly List<Sample> samples = [];

    /// <summary>Calls with a verdict on their first answer.</summary>
    public int Count => samples.Count;

    /// <summary>Adds a call, if it has a verdict.</summary>
    public void Add(LoggedCall call, int group, LoggedDecision a, LoggedDecision? b)
    {
        if (call.Verdict is { } verdict) samples.Add(new Sample(call.Tag, group, call.Attempts[0], verdict, call.Attempts[0].Propensity, a.Choices, b?.Choices));
    }

    /// <summary>Estimates the mean verdict under the policy.</summary>
    /// <param name="isMeant">Which tags count.</param>
    /// <param name="sampling">How sure intervals are to be.</param>
    /// <param name="withDifference">Whether to compare with the other side.</param>
    public ReplayQuality Estimate(Func<string?, bool> isMeant, ReplaySampling sampling, bool withDifference)
    {
        Sample[] judged = [.. samples.Where(sample => isMeant(sample.Tag))];
        var meant = WithChances(judged);
        var table = new VerdictTable(meant);
        var policy = new Side(meant, table, match);
        var other = otherMatch is null ? null : new Side(meant, table, otherMatch, ofOther: true);
        var without = meant.Length - policy.Terms.Count;
        var why = judged.Length == 0 ? "no call has a verdict on its first answer (routes without checks give none)"
            : meant.Length < judged.Length * (1 - MostWithoutSupport) ? $"of {judged.Length - meant.Length:N0} calls with a verdict the log does not say with what chance their model was chosen"
            : without > MostWithoutSupport * meant.Length ? $"for {without:N0} of {meant.Length:N0} calls with a verdict the policy chooses a model that had no chance when they were logged"
            : null;
        // Over the calls of which something can be said: what the estimators say of them holds for those, and for all when only a few are missing.
        var estimate = OffPolicy.Estimate(CollectionsMarshal.AsSpan(policy.Terms), sampling.Confidence);
        why ??= estimate.CannotBeSaid;
        return new ReplayQuality
        {
            Judged = judged.Length,
            Logged = judged.Length > 0 ? judged.Average(sample => sample.Reward) : null,
            Supported = policy.Terms.Count,
            WithoutSupport = without,
            InversePropensity = FigureOf(estimate.InversePropensity),
            SelfNormalised = FigureOf(estimate.SelfNormalised),
            DoublyRobust = FigureOf(estimate.DoublyRobust),
            EffectiveSampleSize = estimate.EffectiveSampleSize,
            Difference = why is null && withDifference ? Difference(meant, policy, other, sampling) : null,
            CannotBeSaid = why,
        };
    }

    private static Figure? FigureOf(Interval? interval) => interval is { } known ? new Figure(known.Estimate, known.Low, known.High) : null;

    /// <summary>
    /// The calls whose model was chosen with a known chance. A log of another system tells none: where it always used one model for a tag, the chance was 1;
    /// where it used several, nobody knows why it chose as it did.
    /// </summary>
    private static Sample[] WithChances(Sample[] judged)
    {
        if (Array.TrueForAll(judged, sample => sample.Propensity is not null)) return judged;
        var models = judged.Where(sample => sample.Propensity is null).ToLookup(sample => sample.Tag, sample => sample.Model);
        return
        [
            .. judged.Select(sample => sample.Propensity is null && models[sample.Tag].All(model => model == sample.Model) ? sample with { Propensity = 1 } : sample)
                .Where(sample => sample.Propensity is not null),
        ];
    }

    /// <summary>Mean difference of the two sides' terms over the calls of which both can be said; against what was, the other term is the verdict itself.</summary>
    private static Figure? Difference(Sample[] meant, Side policy, Side? other, ReplaySampling sampling)
    {
        var (sums, places) = (new List<double>(), new Dictionary<int, int>()); // Of each group the sum of its differences, and their number.
        for (var i = 0; i < meant.Length; i++)
        {
            if (policy.TermOf[i] is not { } mine || (other is null ? meant[i].Reward : other.TermOf[i]) is not { } theirs) continue;
            if (places.TryAdd(meant[i].Group, sums.Count)) sums.AddRange([0, 0]);
            var place = places[meant[i].Group];
            sums[place] += mine - theirs;
            sums[place + 1]++;
        }
        if (places.Count == 0) return null;
        var estimate = places.Values.Sum(place => sums[place]) / places.Values.Sum(place => sums[place + 1]);
        if (sampling.Resamples == 0 || places.Count < ReplaySummary.FewestGroups) return new Figure(estimate, null, null);
        var interval = GroupedBootstrap.Run(CollectionsMarshal.AsSpan(sums), columns: 2, sampling.Resamples, sampling.Seed).Interval(totals => totals[1] > 0 ? totals[0] / totals[1] : null, sampling.Confidence);
        return new Figure(estimate, interval?.Low, interval?.High);
    }

    /// <summary>One verdict.</summary>
    internal sealed record Sample(
        string? Tag, int Group, LoggedAttempt Asked, double Reward, double? Propensity, ImmutableArray<(int Model, double Probability)> Choices, ImmutableArray<(int Model, double Probability)>? OtherChoices)
    {
        /// <summary>The model as the log names it.</summary>
        public string Model { get; } = $"{Asked.Provider}/{Asked.Model}";
        /// <summary>The chance with which it was chosen, where that is known.</summary>
        public double Chance => Propensity ?? throw new InvalidOperationException("The chance of this choice was not logged.");
    }

    /// <summary>The terms of one policy.</summary>
    private sealed class Side
    {
        public Side(Sample[] samples, VerdictTable table, ModelMatch match, bool ofOther = false)
        {
            TermOf = new double?[samples.Length];
            var names = samples.Select(sample => sample.Asked).DistinctBy(asked => (asked.Provider, asked.Model))
                .SelectMany(asked => match.Of(asked) is var models ? Each(models).Select(index => (index, Name: $"{asked.Provider}/{asked.Model}")) : [])
                .ToLookup(pair => pair.index, pair => pair.Name);
            for (var i = 0; i < samples.Length; i++)
            {
                var sample = samples[i];
                if ((ofOther ? sample.OtherChoices!.Value : sample.Choices) is not { IsEmpty: false } choices) continue;
                var models = match.Of(sample.Asked);
                var (target, predicted, isSupported) = (0.0, 0.0, true);
                foreach (var (model, probability) in choices)
                {
                    if (models.Contains(model)) target += probability;
                    // A chance that was certain left none to any other model.
                    else if (sample.Chance >= 1 || !names[model].Any(name => table.HadChance(sample, name))) isSupported = false;
                    predicted += probability * table.Predict(sample, models.Contains(model) ? sample.Model : names[model].FirstOrDefault());
                }
                if (!isSupported) continue;
                var term = new OffPolicySample(sample.Reward, sample.Chance, Math.Min(1, target), table.Predict(sample, sample.Model), Math.Clamp(predicted, 0, 1));
                Terms.Add(term);
                TermOf[i] = term.PredictedTarget + term.TargetPropensity / term.LoggedPropensity * (term.Reward - term.PredictedLogged);
            }
        }

        /// <summary>The calls of which something can be said.</summary>
        public List<OffPolicySample> Terms { get; } = [];
        /// <summary>By call, what it adds to the doubly robust estimate; null without support.</summary>
        public double?[] TermOf { get; }

        private static IEnumerable<int> Each(ModelSet models)
        {
            for (var left = models; !left.IsEmpty; left = left.Without(left.First)) yield return left.First;
        }
    }
}
