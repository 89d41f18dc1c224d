using Rung.Storage.Content;

namespace Rung.Control.Evals.Standing;

/// <summary>Who gave references of a set.</summary>
/// <param name="Source">Where they come from.</param>
/// <param name="By">Who, where somebody is named; null otherwise.</param>
/// <param name="Rows">How many.</param>
public sealed record ReferenceShare(ReferenceSource Source, string? By, int Rows)
{
    /// <summary>In words: <c>by opus</c>, <c>given</c>, <c>without</c>.</summary>
    public string Words => Source switch
    {
        ReferenceSource.Model => $"by {By ?? "a model"}", ReferenceSource.Person => $"by {By ?? "a person"} (a person)", ReferenceSource.Given => "given", _ => "without",
    };
}

/// <summary>A stratum of a set.</summary>
/// <param name="Name">Its name; <c>all</c> where there are none.</param>
/// <param name="StandsFor">How many of the population its rows stand for.</param>
/// <param name="Rows">Rows.</param>
public sealed record StratumShare(string Name, double StandsFor, int Rows);

/// <summary>What the rows of one version of an eval set are: parts, what they stand for, who gave the references. No content.</summary>
public sealed record EvalSetSummary
{
    /// <summary>The set.</summary>
    public required EvalSet Set { get; init; }
    /// <summary>Rows that are there.</summary>
    public required int Present { get; init; }
    /// <summary>Of these, rows to tune on.</summary>
    public int Tune => Present - Test;
    /// <summary>Of these, rows that are held out to decide.</summary>
    public required int Test { get; init; }
    /// <summary>What they stand for: see <see cref="Unit"/>.</summary>
    public required double StandsFor { get; init; }
    /// <summary>What <see cref="StandsFor"/> counts: <c>calls</c> or <c>rows</c>.</summary>
    public required string Unit { get; init; }
    /// <summary>Groups of rows that belong together.</summary>
    public required int Groups { get; init; }
    /// <summary>Who gave the references, the most first.</summary>
    public required IReadOnlyList<ReferenceShare> References { get; init; }
    /// <summary>Data classes and rows of each, by name; empty when no row has one.</summary>
    public required IReadOnlyList<(string Name, int Rows)> DataClasses { get; init; }
    /// <summary>Strata, those that stand for the most first.</summary>
    public required IReadOnlyList<StratumShare> Strata { get; init; }

    /// <summary>Sums up.</summary>
    public static EvalSetSummary Of(EvalSet set, IReadOnlyList<EvalRow> rows)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(rows);
        return new EvalSetSummary
        {
            Set = set, Present = rows.Count, Test = rows.Count(row => row.Part == EvalPart.Test), StandsFor = rows.Sum(row => row.Weight), Unit = rows.Any(row => row.CallId is not null) ? "calls" : "rows",
            Groups = rows.Where(row => row.Group is not null).Select(row => row.Group).Distinct(StringComparer.Ordinal).Count(),
            References =
            [
                .. rows.Select(row => new ReferenceShare(row.ReferenceSource, row.ReferenceSource is ReferenceSource.Model or ReferenceSource.Person ? row.ReferenceBy : null, 0)).GroupBy(share => share)
                    .Select(group => group.Key with { Rows = group.Count() }).OrderByDescending(share => share.Rows).ThenBy(share => share.Words, StringComparer.Ordinal),
            ],
            DataClasses = rows.Any(row => row.DataClass is not null)
                ? [.. rows.GroupBy(row => row.DataClass ?? "none", StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => (group.Key, group.Count()))] : [],
            Strata =
            [
                .. rows.GroupBy(row => row.Stratum ?? "all", StringComparer.Ordinal).Select(group => new StratumShare(group.Key, group.Sum(row => row.Weight), group.Count()))
                    .OrderByDescending(stratum => stratum.StandsFor).ThenBy(stratum => stratum.Name, StringComparer.Ordinal),
            ],
        };
    }

    /// <summary>What is to be said of a set that is not what it was, or whose numbers are made up.</summary>
    public static IEnumerable<string> Warnings(EvalSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        foreach (var note in set.Notes) yield return FormattableString.Invariant($"Note: {note}. {set.Rows - set.Removed:#,0} of {set.Rows:#,0} rows are left; the hash is that of all.");
        if (set.Simulated) yield return "Simulated: made-up models or traffic. It proves nothing about real ones.";
    }
}
