using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>What the calls of a site would have cost at another model, in the best, the middle and the worst case. Nano-USD; unknown prices are in neither side.</summary>
internal sealed record SavingProjection
{
    /// <summary>What they did cost.</summary>
    public required long CurrentNanoUsd { get; init; }
    /// <summary>The same tokens at the other model's price, without climbs: what a replay of the same traffic prices.</summary>
    public required long PlainNanoUsd { get; init; }
    /// <summary>The middle case.</summary>
    public required long MiddleNanoUsd { get; init; }
    /// <summary>The best and the worst case.</summary>
    public required (long Best, long Worst) CostNanoUsd { get; init; }

    /// <summary>The middle saving.</summary>
    public long Saving => Minus(CurrentNanoUsd, MiddleNanoUsd);
    /// <summary>The saving in the worst and in the best case.</summary>
    public (long Low, long High) Interval => (Minus(CurrentNanoUsd, CostNanoUsd.Worst), Minus(CurrentNanoUsd, CostNanoUsd.Best));

    /// <summary>Nothing moves.</summary>
    public static SavingProjection Nothing(long current) => new() { CurrentNanoUsd = current, PlainNanoUsd = current, MiddleNanoUsd = current, CostNanoUsd = (current, current) };

    /// <summary>Projects.</summary>
    /// <param name="site">The site's figures.</param>
    /// <param name="move">Where its calls would go.</param>
    /// <param name="ladder">For prices and their date.</param>
    /// <param name="assumptions">What is assumed.</param>
    /// <returns>Null when nothing of it has a known price, or the other model has none.</returns>
    public static SavingProjection? Of(SiteStatistics site, PlannedMove move, ModelLadder ladder, AuditAssumptions assumptions)
    {
        var uses = site.Models.Where(use => use.UnknownPriceCalls < use.Calls).Select(use => (Use: use, Price: ladder.Find(use.Provider, use.Model))).ToList();
        if (uses.Count == 0 || uses.Any(pair => pair.Price is null) || RateSet.Of(move.Price, ladder.PriceDate, site) is not { } target) return null;
        var current = uses.Aggregate(Int128.Zero, (sum, pair) => sum + pair.Use.CostNanoUsd);
        var moving = uses.Where(pair => pair.Use.Provider != move.Provider || pair.Price!.Model != move.Price.Model).ToList();
        if (moving.Count == 0) return Nothing(Nano(current));
        var staying = current - moving.Aggregate(Int128.Zero, (sum, pair) => sum + pair.Use.CostNanoUsd);
        var up = move.ClimbTo is { } higher ? RateSet.Of(higher, ladder.PriceDate, site) : null;

        var (best, middle, worst) = (staying, staying, staying);
        var (plainLeast, plainMiddle, plainMost) = (staying, staying, staying);
        foreach (var (use, price) in moving)
        {
            var discount = Discount(use, price!, site, move, ladder);
            best += One(ProjectionCase.Best, isPlain: false);
            middle += One(ProjectionCase.Middle, isPlain: false);
            worst += One(ProjectionCase.Worst, isPlain: false);
            plainLeast += One(ProjectionCase.Best, isPlain: true);
            plainMiddle += One(ProjectionCase.Middle, isPlain: true);
            plainMost += One(ProjectionCase.Worst, isPlain: true);

            Int128 One(ProjectionCase which, bool isPlain)
            {
                var tokens = isPlain
                    ? ScaledTokens.Of(use, 1000, 1000, 1000, 0)
                    : ScaledTokens.Of(use, Tokenizer(use, move, assumptions).At(which), assumptions.OutputLength.At(which), assumptions.Reasoning.At(which), assumptions.CacheLost.At(which));
                tokens = tokens.Of(use);
                var cost = target.Price(tokens, which);
                if (!isPlain && up is not null)
                {
                    cost += up.Price(tokens, which) * move.Climbs.At(which) / 1000;
                    cost += Judging(use, tokens, which, up) * (move.IsJudged ? assumptions.Judged.At(which) : 0) / 1000;
                }
                // Millionths of pico-USD to nano-USD, and the discount in thousandths.
                return cost / 1_000_000 * discount.At(which) / 1_000_000;
            }
        }

        // Whatever is assumed, a replay of the same tokens lies within.
        best = Int128.Min(best, plainLeast);
        worst = Int128.Max(worst, plainMost);
        var margin = assumptions.Rounding;
        best = Int128.Max(0, best - (best * margin / 1000) - 1);
        worst = worst + (worst * margin / 1000) + 1;
        return new SavingProjection
        {
            CurrentNanoUsd = Nano(current),
            PlainNanoUsd = Nano(plainMiddle),
            MiddleNanoUsd = Nano(Int128.Clamp(middle, best, worst)),
            CostNanoUsd = (Nano(best), Nano(worst)),
        };

        // The judge reads what was asked and what was answered, uncached.
        Int128 Judging(ModelUse use, in ScaledTokens tokens, ProjectionCase which, RateSet judge)
        {
            var written = (Int128)Math.Clamp(use.Calls - use.UnknownPriceCalls, 0, 1_000_000_000_000) * assumptions.JudgeOutputTokens * 1_000_000;
            return judge.Price(new ScaledTokens(tokens.Plain + tokens.CacheRead + tokens.CacheWrite + tokens.CacheLost + tokens.Output, 0, 0, 0, written), which);
        }
    }

    /// <summary>
    /// What was paid against the list, in thousandths: a batch at half price, a fast lane at more. The new model is taken to be had on the same terms from the
    /// same provider; the interval holds the list price, too.
    /// </summary>
    private static AssumedRange Discount(ModelUse use, PriceSchedule own, SiteStatistics site, PlannedMove move, ModelLadder ladder)
    {
        if (RateSet.Of(own, ladder.PriceDate, site) is not { } rates) return AssumedRange.One;
        var tokens = ScaledTokens.Of(use, 1000, 1000, 1000, 0).Of(use);
        var (least, most) = (rates.Price(tokens, ProjectionCase.Best) / 1_000_000_000, rates.Price(tokens, ProjectionCase.Worst) / 1_000_000_000);
        var isSame = use.Provider == move.Provider;
        if (least > 0 && (Int128)use.CostNanoUsd * 1000 < least * 995)
        {
            var paid = (int)((Int128)use.CostNanoUsd * 1000 / least);
            return new AssumedRange(paid, isSame ? paid : 1000, 1000);
        }
        if (most > 0 && (Int128)use.CostNanoUsd * 1000 > most * 1005)
        {
            var paid = (int)Int128.Min(100_000, ((Int128)use.CostNanoUsd * 1000 / most) + 1);
            return new AssumedRange(1000, isSame ? paid : 1000, paid);
        }
        return AssumedRange.One;
    }

    private static AssumedRange Tokenizer(ModelUse use, PlannedMove move, AuditAssumptions assumptions) =>
        use.Provider == move.Provider && Family(use.Model) == Family(move.Price.Model) ? AssumedRange.One : assumptions.Tokenizer;

    /// <summary>The first word of a model's name, behind any path: <c>claude</c>, <c>gpt</c>, <c>gemini</c>.</summary>
    internal static string Family(string model)
    {
        var name = model.AsSpan(model.LastIndexOf('/') + 1);
        var length = 0;
        while (length < name.Length && char.IsAsciiLetter(name[length])) length++;
        return name[..length].ToString().ToLowerInvariant();
    }

    private static long Nano(Int128 amount) => amount > long.MaxValue ? long.MaxValue : (long)amount;

    private static long Minus(long left, long right) => (long)Int128.Clamp((Int128)left - right, long.MinValue, long.MaxValue);
}
