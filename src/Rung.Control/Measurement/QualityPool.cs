using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Rung.Core.Statistics;

namespace Rung.Control.Measurement;

/// <summary>
/// Everything that judged one tag, and the estimate of its quality. Memory: about 150 bytes an item.
/// </summary>
/// <remarks>
/// Each source has its own mean m_k = Σ w x / Σ w with w the item's weight over its probability of being judged (Hájek's ratio: L. Kish, Survey Sampling,
/// 1965). The estimate is Σ a_k m_k, where a_k is the source's mean weight times n_k / (n_k + 20), n_k its sessions, made to add up to 1: a source of few
/// sessions cannot decide, and one of very many cannot outvote a weightier one. The variance is that of the linearised estimate over sessions, so that what
/// one session says several times is not counted as several opinions. The interval is Wilson's (J. Am. Stat. Assoc. 22 (1927), 209–212) at the effective
/// number p(1 − p)/variance, at most the number of items, with Student's t (E. L. Korn, B. I. Graubard, Survey Methodology 24 (1998), 193–201).
/// </remarks>
public sealed class QualityPool
{
    /// <summary>Fewest sessions that an estimate is given for.</summary>
    public const int LeastSessions = 30;

    /// <summary>Sessions at which a source has half of its weight.</summary>
    public const double HalfWeightSessions = 20;

    /// <summary>Confidence of the intervals.</summary>
    public const double Confidence = 0.95;

    private readonly Dictionary<(QualitySource, string Subject, string? Voice), QualityItem> _latest = [];

    /// <summary>Adds a judgement; they come in the order of their time.</summary>
    public void Add(in QualityItem item)
    {
        var key = (item.Source, item.Subject, item.Voice);
        if (item.Weight > 0) _latest[key] = item;
        else _latest.Remove(key); // Recorded only; and whoever says so last has nothing else to say.
    }

    /// <summary>Every source by itself, the weightiest first.</summary>
    public ImmutableArray<SourceQuality> Sources()
    {
        var all = Means(_ => true);
        var total = all.Sum(mean => mean.Importance);
        return
        [
            .. all.Select(mean => new SourceQuality
            {
                Source = mean.Source, Estimate = Combine([mean]), Share = mean.Importance / total, IsRandomSample = mean.IsRandomSample,
            }).OrderByDescending(source => source.Share).ThenBy(source => source.Source),
        ];
    }

    /// <summary>The estimate from all sources together.</summary>
    public QualityEstimate Estimate() => Combine(Means(_ => true));

    /// <summary>The estimate from some sources.</summary>
    public QualityEstimate Estimate(IReadOnlyCollection<QualitySource> sources) => Combine(Means(sources.Contains));

    private List<SourceMean> Means(Func<QualitySource, bool> wanted)
    {
        // One call judged under five names, or by three people, is one opinion of it.
        var items = new Dictionary<(QualitySource Source, string Subject), Judged>();
        foreach (var (key, item) in _latest)
        {
            if (!wanted(item.Source)) continue;
            ref var judged = ref CollectionsMarshal.GetValueRefOrAddDefault(items, (key.Item1, key.Subject), out _);
            judged.Add(item);
        }
        var means = new Dictionary<QualitySource, SourceMean>();
        foreach (var ((source, subject), judged) in items)
        {
            ref var mean = ref CollectionsMarshal.GetValueRefOrAddDefault(means, source, out _);
            (mean ??= new SourceMean(source)).Add(judged, subject);
        }
        return [.. means.Values.OrderBy(mean => mean.Source)];
    }

    private static QualityEstimate Combine(List<SourceMean> means)
    {
        var items = means.Sum(mean => mean.Items);
        var total = means.Sum(mean => mean.Importance);
        var influences = new Dictionary<string, double>(StringComparer.Ordinal);
        var estimate = 0.0;
        foreach (var mean in means)
        {
            var share = mean.Importance / total;
            estimate += share * mean.Mean;
            foreach (var (session, (weight, sum)) in mean.Sessions)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(influences, session, out _) += share * (sum - (mean.Mean * weight)) / mean.Weight;
            }
        }
        var sessions = influences.Count;
        if (sessions < LeastSessions) return new QualityEstimate { Items = items, Sessions = sessions };

        var variance = influences.Values.Sum(influence => influence * influence) * sessions / (sessions - 1.0);
        return new QualityEstimate { Items = items, Sessions = sessions, Quality = IntervalOf(Math.Clamp(estimate, 0, 1), variance, items, sessions) };
    }

    private static Interval IntervalOf(double estimate, double variance, int items, int sessions)
    {
        var spread = estimate * (1 - estimate);
        // All alike: the sessions themselves are the sample. Otherwise never narrower than so many answers that are only right or wrong.
        var effective = variance > 1e-12 && spread > 1e-12 ? Math.Min(spread / variance, items) : sessions;
        var t = StudentT.TwoSided(Confidence, sessions - 1);
        var (square, scale) = (t * t / effective, 1 + (t * t / effective));
        var centre = (estimate + (square / 2)) / scale;
        var half = t / scale * Math.Sqrt((spread / effective) + (square / (4 * effective)));
        return new Interval(estimate, Math.Clamp(Math.Min(centre - half, estimate), 0, 1), Math.Clamp(Math.Max(centre + half, estimate), 0, 1));
    }

    // All judgements of one thing by one source.
    private struct Judged
    {
        private double weight;
        private double sum;
        private double inverse;
        private int count;
        private bool isSampled;
        private string? session;

        public void Add(in QualityItem item)
        {
            isSampled = (count == 0 || isSampled) && item.Probability is not null;
            weight += item.Weight;
            sum += item.Weight * item.Score;
            inverse = Math.Max(inverse, 1 / (item.Probability ?? 1));
            session ??= item.Session;
            count++;
        }

        public readonly double Score => sum / weight;

        /// <summary>The mean weight: ten judgements of one thing do not weigh ten times.</summary>
        public readonly double Weight => weight / count;

        public readonly double Inverse => inverse;

        public readonly bool IsSampled => isSampled;

        public readonly string? Session => session;
    }

    private sealed class SourceMean(QualitySource source)
    {
        private double sum;
        private double stated;
        private bool allSampled = true;

        public QualitySource Source => source;

        public int Items { get; private set; }

        public double Weight { get; private set; }

        public double Mean => sum / Weight;

        /// <summary>Weight and weighted sum of every session.</summary>
        public Dictionary<string, (double Weight, double Sum)> Sessions { get; } = new(StringComparer.Ordinal);

        public double Importance => stated / Items * Sessions.Count / (Sessions.Count + HalfWeightSessions);

        // Checks and verifiers look at every answer of their route.
        public bool IsRandomSample => allSampled || source is QualitySource.Check or QualitySource.Verifier;

        public void Add(in Judged judged, string subject)
        {
            var weight = judged.Weight * judged.Inverse;
            Items++;
            Weight += weight;
            sum += weight * judged.Score;
            stated += judged.Weight;
            allSampled &= judged.IsSampled;
            // A prefix apart: a session and a call may have the same name.
            ref var session = ref CollectionsMarshal.GetValueRefOrAddDefault(Sessions, judged.Session is { } known ? "s" + known : "c" + subject, out _);
            session = (session.Weight + weight, session.Sum + (weight * judged.Score));
        }
    }
}
