using System.Globalization;
using Rung.Core.Guarantees;
using Rung.Core.Policies;

namespace Rung.Control.Policies;

/// <summary>What kind of thing a route names as its evidence.</summary>
public enum EvidenceKind : byte
{
    /// <summary>Words, a link or a file that nobody reads here.</summary>
    Named = 0,
    /// <summary>What an eval found.</summary>
    Eval = 1,
    /// <summary>A certificate of a cascade.</summary>
    Certificate = 2,
}

/// <summary>What proved the tier of a route, and how old that is.</summary>
/// <param name="Named">As the policy names it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Date">The day that it was made, UTC; null when nobody can tell.</param>
/// <param name="AgeDays">Its age in days; null likewise.</param>
/// <param name="HoldsForDays">Days for which it holds by the policy (<c>eval.max_age_days</c>); null when the policy sets no age for its kind.</param>
/// <param name="Says">What it says, in a sentence; null when nobody can tell.</param>
/// <param name="Simulated">Whether its numbers come from simulated or made-up models or traffic.</param>
public sealed record RouteEvidence(string Named, EvidenceKind Kind, DateOnly? Date, int? AgeDays, int? HoldsForDays, string? Says, bool Simulated)
{
    /// <summary>Whether it is older than the policy lets it be.</summary>
    public bool IsOld => AgeDays > HoldsForDays;

    /// <summary>Reads it; null when the route names none.</summary>
    /// <param name="route">The route.</param>
    /// <param name="file">Bytes of a file that the policy includes, by its path as written; null when there is none.</param>
    /// <param name="today">Today, UTC.</param>
    public static RouteEvidence? Of(Route route, Func<string, ReadOnlyMemory<byte>?> file, DateOnly today)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(file);
        if (route.Evidence is not { } named) return null;
        if (file(named) is { } bytes)
        {
            if (EvalEvidenceFile.IsOne(bytes) && EvalEvidenceFile.Read(bytes, out _) is { } eval)
            {
                var found = route.Tier.Pool.IsEmpty ? null : eval.Candidates.FirstOrDefault(candidate => candidate.Decision == EvalDecision.Eligible) ?? eval.Candidates.FirstOrDefault();
                return new RouteEvidence(named, EvidenceKind.Eval, eval.Date, today.DayNumber - eval.Date.DayNumber, route.Eval.MaxAgeDays, found?.Sentence, eval.Simulated);
            }
            if (CertificateFile.Read(bytes, out _) is { } certificate)
            {
                var says = string.Create(CultureInfo.InvariantCulture, $"loses at most {certificate.Bound * 100:0.0} points of quality against {certificate.Strong.Name} ({certificate.Confidence * 100:0.#} % sure, {certificate.Rows:N0} rows)");
                return new RouteEvidence(named, EvidenceKind.Certificate, certificate.Date, today.DayNumber - certificate.Date.DayNumber, null, says, Simulated: false);
            }
        }
        // A path such as evals/intent-200/2026-11-20 has its day in it.
        var date = DayIn(named);
        return new RouteEvidence(named, EvidenceKind.Named, date, date is { } day ? today.DayNumber - day.DayNumber : null, null, null, Simulated: false);
    }

    private static DateOnly? DayIn(string text)
    {
        const int Length = 10;
        for (var i = 0; i + Length <= text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]) && DateOnly.TryParseExact(text.AsSpan(i, Length), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        }
        return null;
    }
}
