using Rung.Control.Measurement;

namespace Rung.Commands;

/// <summary>The JSON of <c>rung quality</c>.</summary>
internal static class QualityJson
{
    public static object Of(IReadOnlyList<TagQuality> rows, QualityQuery query) => new
    {
        query.Since, query.Until, By = query.ByModel ? "model" : "tag", query.Imported, QualityPool.Confidence, QualityPool.LeastSessions,
        Policy = query.Policy is { } policy ? new { policy.Revision, policy.Hash } : null,
        Rows = rows.Select(row => new
        {
            row.Tag, Model = query.ByModel && row.Model?.Length > 0 ? row.Model : null, Quality = Estimate(row.Combined),
            Kinds = row.Sources.Select(source => new
            {
                Kind = QualitySources.Word(source.Source), Quality = Estimate(source.Estimate), source.Share, source.IsRandomSample,
            }),
            Floor = row.Floor is { } floor ? new { floor.Verdict, floor.AtLeast, floor.Of, floor.State, Quality = Estimate(floor.Estimate), Why = floor.Words } : null,
        }),
    };

    private static object Estimate(QualityEstimate estimate) => new
    {
        estimate.Quality?.Estimate, estimate.Quality?.Low, estimate.Quality?.High, estimate.Items, estimate.Sessions,
    };
}
