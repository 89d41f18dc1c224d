using System.Text.Json.Serialization;

namespace Rung.Core.Statistics;

/// <summary>An <see cref="InputProfile"/> as it is stored. The meaning of bins changes only with the version.</summary>
internal sealed record ProfileJson(int Version, long Count, long[]? Lengths, long[]? Languages, long[]? Tools, long[]? Terms);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ProfileJson))]
internal sealed partial class ProfileJsonContext : JsonSerializerContext;
