using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rung.Storage.Content;

namespace Rung.Control.Evals.Runs;

/// <summary>What is run, and under which terms it decides. Kept with the run, so that its report can be made again.</summary>
public sealed record EvalRunPlan
{
    /// <summary>Name of the set.</summary>
    public required string SetName { get; init; }
    /// <summary>Its version.</summary>
    public required int SetVersion { get; init; }
    /// <summary>Its hash.</summary>
    public required string SetHash { get; init; }
    /// <summary>Whether its numbers come from simulated or made-up models or traffic.</summary>
    public bool Simulated { get; init; }
    /// <summary>The job.</summary>
    public required string Tag { get; init; }
    /// <summary>The part of the set; null: all of it.</summary>
    public EvalPart? Part { get; init; }
    /// <summary>The models.</summary>
    public required IReadOnlyList<RunCandidate> Candidates { get; init; }
    /// <summary>The terms.</summary>
    public required RunTerms Terms { get; init; }
    /// <summary>The policy's name of the reference tier.</summary>
    public required string ReferenceTier { get; init; }
    /// <summary>The policy's name of its first model, whose price stands where a row's reference has no cost of its own.</summary>
    public required string ReferenceModel { get; init; }
    /// <summary>
    /// That model as a candidate of its own, where it is asked beside the others about rows whose reference it did not write: "not worse than the reference" then
    /// compares with what it answers, and not with the known right answer. Null: it is not asked.
    /// </summary>
    public RunCandidate? ReferenceAsked { get; init; }
    /// <summary>Whether candidates are compared with known right answers themselves, as somebody asked for.</summary>
    public bool KnownAnswers { get; init; }
    /// <summary>Seed of every random choice.</summary>
    public long Seed { get; init; }
    /// <summary>Hash of the policy that it began under.</summary>
    public required string PolicyHash { get; init; }

    /// <summary>
    /// What makes two runs the same: the rows, the candidates with their caps, and how answers are graded. Margin and confidence are not part of it: another
    /// margin asks nothing again.
    /// </summary>
    public string Id
    {
        get
        {
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $"{SetHash}\n{Tag}\n{Part?.ToString() ?? "all"}\n{Terms.ScoringHash}\n{Seed}\n");
            foreach (var model in Candidates) text.Append(CultureInfo.InvariantCulture, $"{model.Name}\t{model.Id}\t{model.MaxTokens}\t{model.MaxTemperature}\n");
            if (ReferenceAsked is { } asked) text.Append(CultureInfo.InvariantCulture, $"beside\t{asked.Name}\t{asked.Id}\n");
            return $"r-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..12]}";
        }
    }

    /// <summary>Whether the reference's model is asked about a row, too.</summary>
    public bool AsksReference(EvalRow row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return ReferenceAsked is not null && row.ReferenceSource != ReferenceSource.Model;
    }

    /// <summary>Who is asked about a row: the candidates, and where it is so the reference's model.</summary>
    public IEnumerable<RunCandidate> AskedAbout(EvalRow row) =>
        AsksReference(row) && Candidates.All(candidate => candidate.Name != ReferenceAsked!.Name) ? Candidates.Append(ReferenceAsked!) : Candidates;

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, RunJson.Options);

    /// <summary>From JSON that <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="EvalException">It is of another version of Rung.</exception>
    public static EvalRunPlan Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<EvalRunPlan>(json, RunJson.Options) ?? throw new JsonException();
        }
        catch (JsonException)
        {
            throw new EvalException("The run was stored by another version of Rung.", "Run it again with --fresh.");
        }
    }
}
