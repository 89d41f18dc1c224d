using Rung.Core.Prices;

namespace Rung.Control.Audit;

/// <summary>Where the calls of a site would go.</summary>
/// <param name="Provider">The provider of the model.</param>
/// <param name="Price">The model.</param>
/// <param name="ClimbTo">The model that a bad answer climbs to, and that judges; null when nothing climbs.</param>
/// <param name="Climbs">How often, in thousandths.</param>
/// <param name="IsJudged">Whether a judge must look, because nothing else catches an error.</param>
internal sealed record PlannedMove(string Provider, PriceSchedule Price, PriceSchedule? ClimbTo, AssumedRange Climbs, bool IsJudged);
