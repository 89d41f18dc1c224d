using System.Collections.Immutable;
using System.Globalization;

namespace Rung.Core.Rollouts;

/// <summary>Guards as people write them: <c>judge=0.03,p95_latency=0.1,cost_per_call=0.1@0.02</c>; what follows the @ is the cap in USD.</summary>
public static class GuardWords
{
    /// <summary>The word of a metric.</summary>
    public static string Of(GuardMetric metric) => metric switch
    {
        GuardMetric.Judge => "judge",
        GuardMetric.Verifier => "verifier",
        GuardMetric.Feedback => "feedback",
        GuardMetric.Override => "override",
        GuardMetric.CheckFailure => "check_failure",
        GuardMetric.Escalation => "escalation",
        GuardMetric.Error => "error",
        GuardMetric.LatencyP95 => "p95_latency",
        GuardMetric.FirstByteP95 => "p95_first_byte",
        GuardMetric.CostPerCall => "cost_per_call",
        GuardMetric.CostPerSession => "cost_per_session",
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "It is no metric of a guard."),
    };

    /// <summary>Every word, in order, with commas.</summary>
    public static string Known { get; } = string.Join(", ", GuardDefaults.All.Select(Of));

    /// <summary>Reads a word; false when it is none.</summary>
    public static bool TryMetric(ReadOnlySpan<char> word, out GuardMetric metric)
    {
        foreach (var one in GuardDefaults.All)
        {
            if (!word.SequenceEqual(Of(one))) continue;
            metric = one;
            return true;
        }
        metric = default;
        return false;
    }

    /// <summary>Writes guards so that <see cref="TryParse"/> reads them again.</summary>
    public static string Format(IEnumerable<Guard> guards)
    {
        ArgumentNullException.ThrowIfNull(guards);
        return string.Join(',', guards.Select(guard => guard.CapNanoUsd is { } cap
            ? string.Create(CultureInfo.InvariantCulture, $"{Of(guard.Metric)}={guard.Margin:R}@{cap / 1_000_000_000m:0.#########}")
            : string.Create(CultureInfo.InvariantCulture, $"{Of(guard.Metric)}={guard.Margin:R}")));
    }

    /// <summary>Reads guards. A metric alone has the default margin; a cost without a cap is given one later (<see cref="GuardDefaults.Cap"/>).</summary>
    /// <param name="text">As in the summary.</param>
    /// <param name="guards">The guards, in the order of the text.</param>
    /// <param name="problem">What is wrong and what to write instead; null when all is well.</param>
    public static bool TryParse(string text, out ImmutableArray<Guard> guards, out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        guards = [];
        var read = ImmutableArray.CreateBuilder<Guard>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!TryReadOne(part, out var guard, out problem)) return false;
            if (read.Any(earlier => earlier.Metric == guard!.Metric))
            {
                problem = $"The guard {Of(guard!.Metric)} is named twice. Name it once.";
                return false;
            }
            read.Add(guard!);
        }
        problem = read.Count == 0 ? $"No guard is named. Known are {Known}." : null;
        guards = read.ToImmutable();
        return problem is null;
    }

    private static bool TryReadOne(string part, out Guard? guard, out string? problem)
    {
        guard = null;
        var equals = part.IndexOf('=');
        var word = (equals < 0 ? part : part[..equals]).Trim();
        if (!TryMetric(word, out var metric))
        {
            problem = $"\"{word}\" is no guard. Known are {Known}.";
            return false;
        }
        var (margin, cap) = (GuardDefaults.Margin(metric), default(long?));
        if (equals >= 0)
        {
            var value = part.AsSpan(equals + 1);
            var at = value.IndexOf('@');
            if (at >= 0)
            {
                if (!GuardDefaults.IsCost(metric) || !decimal.TryParse(value[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var usd) || usd is not (> 0 and < 1_000_000))
                {
                    problem = $"\"{part}\": what follows the @ is the cost in USD at which a dearer call counts, for cost_per_call and cost_per_session alone: cost_per_call=0.1@0.02.";
                    return false;
                }
                cap = Math.Max(1, (long)Math.Round(usd * 1_000_000_000m));
                value = value[..at];
            }
            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out margin) || !(margin is > 0 and < 10))
            {
                problem = $"\"{part}\": the margin is a number above 0, as in {Of(metric)}={GuardDefaults.Margin(metric).ToString(CultureInfo.InvariantCulture)}.";
                return false;
            }
        }
        guard = new Guard(metric, margin) { CapNanoUsd = cap };
        problem = null;
        return true;
    }
}
