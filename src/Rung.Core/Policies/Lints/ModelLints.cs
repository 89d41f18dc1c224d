using Rung.Core.Checks;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Lints;

/// <summary>Opinions on models: price, key, transport, use.</summary>
internal static class ModelLints
{
    public static void Judge(PolicySnapshot snapshot, DateOnly asOf, LintList lints)
    {
        // A model that only pins or verifiers name is used by them.
        var used = snapshot.Pins.Aggregate(snapshot.Ladder.Aggregate(ModelSet.Empty, (set, tier) => set | tier.Pool), (set, pin) => set | pin.Models);
        foreach (var verifier in snapshot.OutsideVerifiers.Values.OfType<ModelVerifier>())
            used = used.With(snapshot.Models.First(model => model.Name == verifier.Model).Index);
        foreach (var model in snapshot.Models)
        {
            var path = PolicyPath.Of("models", model.Name);
            if (!used.Contains(model.Index))
                lints.Add(LintCatalogue.UnusedModel, path, null, $"No tier holds {model.Name}, and no pin or verifier names it.");
            JudgePrice(model, snapshot, asOf, path, lints);
            JudgeTransport(model, path, lints);
        }
    }

    private static void JudgePrice(Model model, PolicySnapshot snapshot, DateOnly asOf, string path, LintList lints)
    {
        if (model.Hourly is not null) return;
        if (model.Price is null)
        {
            var baseline = model.Index == snapshot.BaselineModel.Index ? " It is the baseline too, so no saving can be computed." : "";
            lints.Add(LintCatalogue.UnknownPrice, path, "id", $"The price of {model.UpstreamId} at {model.Provider} is unknown.{baseline}");
            return;
        }
        if (PeriodAt(model, asOf) is not { } period)
        {
            var ended = model.Price.Periods[^1].To!.Value;
            lints.Add(LintCatalogue.PriceEnded, path, "id", $"The last known price of {model.UpstreamId} ended on {ended:yyyy-MM-dd}.");
        }
        else if (period.PromotionUntil is { } last && last < asOf)
        {
            lints.Add(LintCatalogue.PriceUncertain, path, "id", $"The price of {model.UpstreamId} was a promotion until {last:yyyy-MM-dd}; the price book knows no later one.");
        }
        else if (period.Confidence == "low")
        {
            lints.Add(LintCatalogue.PriceUncertain, path, "id", $"The price of {model.UpstreamId} comes from a weak source ({period.Source}).");
        }
    }

    /// <summary>The period in force at noon UTC of a day: a price that changes at midnight in some time zone has changed by then.</summary>
    public static Prices.PricePeriod? PeriodAt(Model model, DateOnly day) => model.Price?.At(new DateTimeOffset(day, new TimeOnly(12, 0), TimeSpan.Zero));

    private static void JudgeTransport(Model model, string path, LintList lints)
    {
        if (model.BaseUrl.IsLoopback) return;
        if (model.BaseUrl.Scheme == Uri.UriSchemeHttp)
            lints.Add(LintCatalogue.PlainHttp, path, "url", $"{model.Name} is called over plain http at {model.BaseUrl.Host}.");
        else if (model.Key is null)
            lints.Add(LintCatalogue.NoKey, path, "url", $"{model.Name} is called at {model.BaseUrl.Host} without a key.");
    }
}
