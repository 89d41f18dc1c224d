using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Rung.Control.Measurement;
using Rung.Core.Spans;

namespace Rung.Control.Feedback;

/// <summary>Makes verdicts of feedback: numbers only.</summary>
public static class FeedbackVerdicts
{
    /// <summary>The verdicts of an item, each with an id that the same item always gives.</summary>
    /// <param name="item">The item.</param>
    /// <param name="overrideDistance">Share of the answer that was changed, where <see cref="FeedbackItem.Override"/> is given; null for none.</param>
    public static IReadOnlyList<VerdictRecord> Of(FeedbackItem item, double? overrideDistance)
    {
        ArgumentNullException.ThrowIfNull(item);
        var verdicts = new List<VerdictRecord>(item.Signals.Length + 1);
        foreach (var signal in item.Signals) verdicts.Add(Of(item, signal));
        if (overrideDistance is { } distance) verdicts.Add(Of(item, new FeedbackSignal(VerdictKind.Override, Math.Clamp(1 - distance, 0, 1))));
        return verdicts;
    }

    private static VerdictRecord Of(FeedbackItem item, FeedbackSignal signal) => new()
    {
        Id = IdOf(item, ((byte)signal.Kind).ToString(CultureInfo.InvariantCulture), signal.Score.ToString("R", CultureInfo.InvariantCulture)),
        CallId = item.CallId, Session = item.Session, Kind = signal.Kind, Name = item.Name, Score = signal.Score,
        Weight = QualityWeights.Of(signal.Kind), By = item.By, At = item.At,
    };

    /// <summary>
    /// The id of one thing that an item says. With the sender's key: the key, for this call or session. Without one it is made of what is said, so that a
    /// request that is sent again counts once.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="what">Which of the things it says.</param>
    /// <param name="said">What it says there.</param>
    public static string IdOf(FeedbackItem item, string what, string said)
    {
        ArgumentNullException.ThrowIfNull(item);
        // Lengths before the parts: no two different lists of parts give the same bytes.
        var parts = item.Key is { } key
            ? new[] { "key", item.CallId ?? "", item.Session ?? "", key, what }
            : ["said", item.CallId ?? "", item.Session ?? "", item.By, item.Name ?? "", what, said];
        var text = string.Concat(parts.Select(part => $"{part.Length.ToString(CultureInfo.InvariantCulture)}:{part}"));
        return "fb-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
