using System.Text.Json;
using System.Text.Json.Serialization;
using Rung.Core.Rollouts;

namespace Rung.Storage.Rollouts;

/// <summary>The plan of a rollout as it is stored.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RolloutPlan))]
internal sealed partial class StoredPlan : JsonSerializerContext
{
    /// <summary>Writes a plan.</summary>
    public static string Write(RolloutPlan plan) => JsonSerializer.Serialize(plan, Default.RolloutPlan);

    /// <summary>Reads what was written.</summary>
    public static RolloutPlan Read(string json) => JsonSerializer.Deserialize(json, Default.RolloutPlan)!;
}
