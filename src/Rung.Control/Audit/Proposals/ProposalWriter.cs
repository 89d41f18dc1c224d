using System.Globalization;
using Rung.Core.Policies.Compiling;
using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>Writes a <see cref="ProposalPlan"/> as YAML.</summary>
internal sealed class ProposalWriter(ProposalPlan plan, ModelLadder ladder, AuditAssumptions assumptions, string madeBy)
{
    private readonly ProposalText _text = new();

    public string Write()
    {
        Head();
        Tiers();
        Models();
        if (plan.Tags.Count > 0)
        {
            _text.Line(0, "tags: # the dearest first");
            foreach (var tag in plan.Tags) new TagWriter(_text, tag, plan, assumptions).Write();
        }
        Default();
        Tail();
        return _text.ToString();
    }

    private void Head()
    {
        var moved = plan.Tags.Where(tag => tag.IsMoved).ToList();
        // The same sum over the same sites as in the report: a site that stays, but is joined to one model, may cost a little more.
        var said = plan.Tags.Select(tag => tag.Review).Concat(plan.LeftOut.Select(left => left.Review)).Concat(plan.Unlisted).Where(review => review.SavingNanoUsd is not null).ToList();
        var cost = Sum(plan.Tags.Select(tag => tag.CostNanoUsd).Concat(plan.LeftOut.Select(left => left.Review.Site.Statistics.CostNanoUsd)).Concat(plan.Unlisted.Select(review => review.Site.Statistics.CostNanoUsd)));
        _text.Comment(0, $"Proposed by: {madeBy}");
        _text.Comment(0, $"Prices of {Day(ladder.PriceDate)}, from a price book compiled {ladder.Prices.Compiled:yyyy-MM-dd}.");
        _text.Line(0, "#");
        if (moved.Count == 0) _text.Comment(0, "Nothing is proposed to move: this policy says what the audited calls do today.");
        else
        {
            _text.Comment(0, $"{(moved.Count == 1 ? "One job is" : $"{moved.Count} jobs are")} proposed to move to a cheaper tier. That is in force in this file and without evidence yet: each says "
                + "what would prove it. Prove it, or take it out, before the policy serves anybody.");
            _text.Comment(0, $"Projected saving: {Figures.Usd(Sum(said.Select(review => review.SavingNanoUsd!.Value)))} of {Figures.Usd(cost)} "
                + $"({Figures.Usd(Sum(said.Select(review => review.SavingInterval?.Low ?? review.SavingNanoUsd!.Value)))} to {Figures.Usd(Sum(said.Select(review => review.SavingInterval?.High ?? review.SavingNanoUsd!.Value)))}) over the audited calls. Assumed:");
            foreach (var sentence in assumptions.InWords) _text.Comment(0, $"- {sentence}", hanging: 2);
        }
        if (plan.Tags.Any(tag => tag.Review.Site.Team is null)) _text.Comment(0, "owner: unassigned means that the log names no team: put the name of who answers for the job.");
        _text.Line(0, "version: 1").Line(0, "name: proposed-by-audit").Gap();
    }

    private void Tiers()
    {
        _text.Line(0, "tiers: # the ladder, cheapest first");
        foreach (var rung in plan.Rungs)
        {
            _text.Comment(2, rung.Why);
            _text.Line(2, $"{ProposalText.Name(rung.Tier)}: {{ models: [{ProposalText.Name(rung.Alias)}]{(rung == plan.Reference ? ", reference: true" : "")} }}");
        }
        _text.Gap();
    }

    private void Models()
    {
        _text.Line(0, "models:");
        foreach (var rung in plan.Rungs)
        {
            _text.Line(2, $"{ProposalText.Name(rung.Alias)}:");
            _text.Line(4, $"provider: {rung.PolicyProvider}");
            _text.Line(4, $"id: {ProposalText.Quote(rung.Price.Model)}");
            if (rung.NeedsUrl) Own(rung);
            else if (Providers.Find(rung.PolicyProvider)!.KeyVariable is { } variable) _text.Line(4, $"key: {{ env: {variable} }}");
        }
        _text.Gap();
    }

    /// <summary>A deployment of the user's own, or a provider that policies do not know: address, key and price are written out.</summary>
    private void Own(ProposedRung rung)
    {
        var isAzure = rung.PolicyProvider == "azure";
        _text.Comment(4, isAzure ? "Put the address of your resource, and as id the name of your deployment." : $"Put the address at which {OneLine.Of(rung.Provider)} speaks OpenAI's chat completions.");
        _text.Line(4, isAzure ? "url: \"https://your-resource.openai.azure.com/openai/v1\"" : "url: \"https://your-endpoint.example/v1\"");
        _text.Line(4, $"key: {{ env: {(isAzure ? "AZURE_OPENAI_API_KEY" : Variable(rung.Provider))} }}");
        if (isAzure || rung.Price.At(ladder.PriceDate) is not { } period) return;
        _text.Line(4, "price:");
        Rates(6, period.Rates, isBase: true);
        if (period.Tiers.IsEmpty) return;
        _text.Line(6, "tiers:");
        foreach (var tier in period.Tiers.Take(8))
        {
            _text.Line(8, $"- above_input: {tier.AboveInput.ToString(CultureInfo.InvariantCulture)}");
            Rates(10, tier.Rates, isBase: false);
        }
    }

    private void Rates(int indent, PriceRates rates, bool isBase)
    {
        Rate("input", rates.Input);
        Rate("output", rates.Output);
        Rate("cached_input", rates.CacheRead);
        Rate("cache_write", rates.CacheWrite);
        if (!isBase) return;
        Rate("cache_write_long", rates.CacheWriteLong);
        Rate("audio_input", rates.AudioInput);
        Rate("audio_output", rates.AudioOutput);

        void Rate(string key, long? pico)
        {
            if (pico is { } known) _text.Line(indent, string.Create(CultureInfo.InvariantCulture, $"{key}: {PriceUnits.ToUsdPerMillion(known):0.######}"));
        }
    }

    private void Default()
    {
        _text.Gap();
        if (plan.Unlisted.Count > 0)
        {
            var elsewhere = plan.Unlisted.Count(review => review.Tier != ladder.ReferenceTier);
            _text.Comment(0, $"{plan.Unlisted.Count} further sites ({Figures.Usd(Sum(plan.Unlisted.Select(review => review.Site.Statistics.CostNanoUsd)))}) fall under default"
                + (elsewhere == 0 ? ", where they run on the reference tier as they do now." : $". {elsewhere} of them run on another tier today, and would cost more here: give them a tag before this policy serves them."));
        }
        _text.Line(0, $"default: {{ tier: {ProposalText.Name(plan.Reference.Tier)}, why: \"Calls without a known tag are not yet understood.\" }}");
    }

    private void Tail()
    {
        if (plan.LeftOut.Count > 0)
        {
            _text.Gap().Comment(0, "Not in this policy. Keep these calls off the gateway, or write their models into it yourself: here they would go to default.");
            foreach (var (review, why) in plan.LeftOut.Take(PolicyProposal.MostTags))
                _text.Comment(0, $"- {OneLine.Of(review.Site.Tag)}: {Figures.Number(review.Site.Statistics.Calls)} calls; {why}", hanging: 2);
        }
        var pinned = plan.Tags.Where(tag => tag.Review.Compliance is not null).ToList();
        if (pinned.Count == 0) return;
        _text.Gap().Comment(0, "Signs of sensitive data. If a rule covers it, pins hold these calls where they are, on every hop:");
        _text.Line(0, "# pins:");
        foreach (var tag in pinned)
            _text.Line(0, $"#   - {{ when: {{ tag: {ProposalText.Name(tag.Name)} }}, models: [{ProposalText.Name(tag.Rung.Alias)}], why: {ProposalText.Quote(tag.Review.Compliance!)} }}");
    }

    private static string Variable(string provider)
    {
        var name = new string([.. provider.Select(character => char.IsAsciiLetterOrDigit(character) ? char.ToUpperInvariant(character) : '_')]);
        return $"{(name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" : "")}{name[..Math.Min(name.Length, 100)]}_API_KEY";
    }

    private static long Sum(IEnumerable<long> amounts) => (long)Int128.Clamp(amounts.Aggregate(Int128.Zero, (sum, amount) => sum + amount), long.MinValue, long.MaxValue);

    private static string Day(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
