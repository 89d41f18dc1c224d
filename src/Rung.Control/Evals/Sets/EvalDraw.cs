using System.Globalization;
using Rung.Control.Evals.Sets.Sampling;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Sets;

/// <summary>Draws the rows of an eval set. The same population and seed give the same rows, in whatever order the population was read.</summary>
public static class EvalDraw
{
    /// <summary>Draws: duplicates are left out, the rest is stratified, rows are drawn with known weights, and whole groups are held out.</summary>
    /// <param name="population">What to draw from; at least one row.</param>
    /// <param name="sampling">How.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EvalException">There is nothing to draw from, or it cannot be drawn so.</exception>
    public static EvalSample From(EvalPopulation population, EvalSampling sampling, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(population);
        ArgumentNullException.ThrowIfNull(sampling);
        if (sampling.Fault() is { } fault) throw new EvalException(fault, "Correct the option.");
        if (population.Rows.Count == 0) throw new EvalException("There are no rows to draw from.", "Check the tag, the time and the files.");
        var priority = new SeededPriority(unchecked((ulong)sampling.Seed));

        // 1. Different rows, each with what it stands for.
        var distinct = Distinct.Of(population.Rows, sampling.NearDuplicates, priority, cancellationToken);
        var rows = distinct.Rows;
        var size = Math.Min(sampling.Size ?? rows.Count, rows.Count);

        // 2. Strata, and how many rows of each.
        var texts = rows.Select(row => row.Text).ToArray();
        var clusters = TextClusters.Of([.. rows.Select(row => row.Source.Id)], texts, priority);
        var names = Strata.Of(rows, clusters, size);
        var strata = rows.Select((row, i) => (row, name: names[i])).GroupBy(entry => entry.name, entry => entry.row, StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Rows: group.ToArray(), Mass: group.Sum(row => row.Mass)))
            .OrderByDescending(stratum => stratum.Mass).ThenBy(stratum => stratum.Name, StringComparer.Ordinal).ToArray();
        var counts = Strata.Allocate([.. strata.Select(stratum => (stratum.Rows.Length, stratum.Mass))], size);

        // 3. Rows. A stratum of which none was drawn is left to the others: their weights stand for it.
        var drawn = strata.SelectMany((stratum, i) => PrioritySample.Draw(stratum.Rows, counts[i], priority).Select(row => (row.Row, row.Weight, Stratum: stratum.Name))).ToArray();
        var mass = rows.Sum(row => row.Mass);
        var scale = mass / drawn.Sum(row => row.Weight);

        // 4. Groups, and the part of each.
        var groups = drawn.GroupBy(row => distinct.Groups.Root(row.Row.Source.Id), StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.OrderBy(row => row.Row.Source.Id, StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
        var parts = PartSplit.Of([.. groups.Values.Select(group => (group[0].Row.Source.Id, group[0].Stratum, group.Length, Named(group.Select(row => row.Row.Source))))], sampling.Holdout, priority);

        var made = drawn.Select(row => Row(row.Row.Source, row.Weight * scale, row.Stratum, groups[distinct.Groups.Root(row.Row.Source.Id)], parts))
            .OrderBy(row => row.Source.CalledAt ?? DateTimeOffset.MaxValue).ThenBy(row => row.Row.Origin, OriginOrder.Instance).ThenBy(row => row.Row.Id, StringComparer.Ordinal)
            .Select((row, position) => row with { Row = row.Row with { Position = position } }).ToArray();
        var severalClusters = clusters.Any(cluster => cluster > 0);
        return new EvalSample
        {
            Rows = made,
            Strata = [.. strata.Select((stratum, i) => new EvalStratum(stratum.Name, stratum.Rows.Length, stratum.Mass, counts[i]))],
            ClusterWords = severalClusters ? [.. Enumerable.Range(0, clusters.Max() + 1).Select(cluster => TextClusters.WordsOf(texts, clusters, cluster, distinct.Words))] : [],
            ExactDuplicates = distinct.Exact, NearDuplicates = distinct.Near, Different = rows.Count, Mass = mass,
            Groups = groups.Count, LargestGroup = groups.Values.Max(group => group.Length),
            Notes = Notes(sampling, rows.Count, made, counts.Count(count => count == 0), groups.Values.Max(group => group.Length)),
        };
    }

    private static DrawnRow Row(EvalSourceRow source, double weight, string stratum, (DistinctRow Row, double Weight, string Stratum)[] group, Dictionary<string, EvalPart> parts)
    {
        var first = group[0].Row.Source.Id;
        return new DrawnRow(new EvalRow
        {
            Id = source.Id, Position = 0, Part = parts[first], Request = source.Request, Origin = source.Origin, CallId = source.CallId, CalledAt = source.CalledAt,
            Session = source.Session, User = source.User, DataClass = source.DataClass, Stratum = stratum, Weight = weight,
            // Not the session's own name: a set says who belongs together, not who it was.
            Group = group.Length > 1 ? string.Concat("g-", first.AsSpan(2)) : null,
        }, source);
    }

    // What a file holds out stays held out, and with it everything that it is grouped with.
    private static EvalPart? Named(IEnumerable<EvalSourceRow> rows)
    {
        var named = rows.Select(row => row.Part).OfType<EvalPart>().ToArray();
        return named.Length == 0 ? null : named.Contains(EvalPart.Test) ? EvalPart.Test : EvalPart.Tune;
    }

    private static List<string> Notes(EvalSampling sampling, int different, DrawnRow[] rows, int emptyStrata, int largest)
    {
        var notes = new List<string>();
        if (sampling.Size is { } wanted && different < wanted) notes.Add(string.Create(CultureInfo.InvariantCulture, $"Only {different:#,0} different rows are there, of {wanted:#,0} wanted."));
        if (emptyStrata > 0) notes.Add($"{emptyStrata} {(emptyStrata == 1 ? "stratum has" : "strata have")} no row: the set is too small for them, and the other rows stand for them.");
        var test = (double)rows.Count(row => row.Row.Part == EvalPart.Test) / rows.Length;
        if (Math.Abs(test - sampling.Holdout) > 0.05 && rows.Length >= 20)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"The held-out part has {test * 100:0} % of the rows instead of {sampling.Holdout * 100:0} %: groups are not divided, and the largest has {largest:#,0} rows."));
        }
        return notes;
    }

    /// <summary>Origins in the order in which people count: line 9 before line 10.</summary>
    private sealed class OriginOrder : IComparer<string>
    {
        public static readonly OriginOrder Instance = new();

        public int Compare(string? x, string? y)
        {
            var (a, b) = (x ?? "", y ?? "");
            int i = 0, j = 0;
            while (i < a.Length && j < b.Length)
            {
                if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
                {
                    var left = Number(a, ref i);
                    var right = Number(b, ref j);
                    var byLength = left.Length.CompareTo(right.Length);
                    var byDigits = byLength != 0 ? byLength : left.SequenceCompareTo(right);
                    if (byDigits != 0) return byDigits;
                }
                else if (a[i] != b[j]) return a[i].CompareTo(b[j]);
                else
                {
                    i++;
                    j++;
                }
            }
            return (a.Length - i).CompareTo(b.Length - j);
        }

        // Its digits, without zeros before them.
        private static ReadOnlySpan<char> Number(string text, ref int at)
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            return text.AsSpan(start, at - start).TrimStart('0');
        }
    }
}
