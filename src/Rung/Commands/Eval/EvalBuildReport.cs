using Rung.Commands.Policy;
using Rung.Control.Evals.Sets;
using Rung.Control.Evals.Sets.References;
using Rung.Control.Evals.Standing;
using Rung.Storage.Content;

namespace Rung.Commands.Eval;

/// <summary>What <c>rung eval build</c> says of the set that it stored.</summary>
internal sealed record EvalBuildReport(EvalSet Set, EvalPopulation Population, EvalSample Sample, ReferencePlan Plan, ReferenceOutcome Outcome, EvalSampling Sampling)
{
    public void Write(TextWriter output)
    {
        var rows = Outcome.Rows;
        var test = rows.Count(row => row.Part == EvalPart.Test);
        Lines.Write(output, "", $"{EvalStore.NameOf(Set)}: {Lines.Count(Set.Rows, "row")} of {Population.Seen:#,0}, which stand for {Sample.Mass:#,0.#} {Unit}; {test:#,0} are held out to decide, {rows.Count - test:#,0} to tune.");
        output.WriteLine($"hash {Set.Hash}, seed {Set.Seed}");
        foreach (var format in Population.Formats) Lines.Write(output, "read ", format);
        Lines.Write(output, "", $"Left out: {Lines.Count(Sample.ExactDuplicates, "duplicate")} and {Lines.Count(Sample.NearDuplicates, "near-duplicate")} (likeness {Sampling.NearDuplicates:0.##} or more). The rows that stay stand for them.");
        Lines.Write(output, "", References());
        if (Outcome.Forbidden + Outcome.DoNotFit + Outcome.Failed > 0)
            Lines.Write(output, "", $"Without a reference: {Outcome.Forbidden:#,0} rows that a pin keeps away from every reference model, {Outcome.DoNotFit:#,0} that none of them can take, {Outcome.Failed:#,0} failed.");
        foreach (var note in Sample.Notes) Lines.Write(output, "Note: ", note);
        foreach (var warning in EvalSetSummary.Warnings(Set)) Lines.Write(output, "", warning);
        output.WriteLine();
        EvalStrata.Write(output, [.. Sample.Strata.Select(stratum => (stratum.Name, stratum.Mass, stratum.Rows))], Unit);
        for (var i = 0; i < Sample.ClusterWords.Count; i++) Lines.Write(output, $"cluster {i + 1}: ", string.Join(", ", Sample.ClusterWords[i]));
    }

    public object ToJson() => new
    {
        Set = EvalStore.Json(Set),
        Population = new { Rows = Population.Seen, Different = Sample.Different, StandsFor = Sample.Mass, Sample.ExactDuplicates, Sample.NearDuplicates, Bad = Population.Bad, Population.BadExamples, Population.LeftOut, Population.Formats },
        Tune = Outcome.Rows.Count(row => row.Part == EvalPart.Tune), Test = Outcome.Rows.Count(row => row.Part == EvalPart.Test), Sample.Groups, Sample.LargestGroup, Sampling.NearDuplicates,
        References = new
        {
            Plan.Given, Plan.Captured, Outcome.Asked, AskedBefore = Plan.Kept, Without = Outcome.Rows.Count(row => row.ReferenceSource == ReferenceSource.None), Outcome.Forbidden, Outcome.DoNotFit, Outcome.Failed,
            CostUsd = Output.UsdNumber(Outcome.CostNanoUsd), Outcome.UnknownPriceAttempts,
        },
        Strata = Sample.Strata.Select(stratum => new { stratum.Name, stratum.Different, StandsFor = stratum.Mass, stratum.Rows }),
        Clusters = Sample.ClusterWords, Sample.Notes,
    };

    private string Unit => Population.Formats.Count == 0 ? "calls" : "rows";

    private string References()
    {
        var without = Outcome.Rows.Count(row => row.ReferenceSource == ReferenceSource.None);
        var asked = Outcome.Asked == 0 ? "none asked for" : $"{Outcome.Asked:#,0} asked for ({Output.Usd(Outcome.CostNanoUsd)}"
            + $"{(Outcome.UnknownPriceAttempts > 0 ? $"; {Lines.Count(Outcome.UnknownPriceAttempts, "attempt")} of unknown price not in it" : "")}{(Plan.Kept > 0 ? $"; {Plan.Kept:#,0} of them by a build that was stopped" : "")})";
        return $"References: {Plan.Given:#,0} given, {Plan.Captured:#,0} captured, {asked}, {without:#,0} rows without.";
    }
}
