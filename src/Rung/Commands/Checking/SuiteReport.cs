using System.Text.Json.Serialization;

namespace Rung.Commands.Checking;

/// <summary>What became of a folder of tests: the <c>--json</c> of <c>rung check --suite</c>.</summary>
internal sealed record SuiteReport
{
    /// <summary>The draft: <c>2020-12</c>, <c>7</c>, or both with a comma between.</summary>
    public required string Draft { get; init; }
    /// <summary>Tests that every implementation must pass.</summary>
    public required SuiteTally Required { get; init; }
    /// <summary>Tests of <c>optional</c>; those of <c>optional/format</c> with formats asserted.</summary>
    public required SuiteTally Optional { get; init; }
    /// <summary>The same by draft.</summary>
    public required IReadOnlyList<SuiteDraftTally> Drafts { get; init; }
    /// <summary>The same by file.</summary>
    public required IReadOnlyList<SuiteFileTally> Files { get; init; }
    /// <summary>Every test that did not pass; a group whose schema was refused is one of them.</summary>
    public required IReadOnlyList<SuiteFailure> Failures { get; init; }
    /// <summary>Whether remote documents were there.</summary>
    [JsonIgnore]
    public bool HasRemotes { get; init; }
}

/// <summary>Counts of tests.</summary>
/// <param name="Passed">Judged as they should be.</param>
/// <param name="Failed">Judged wrong.</param>
/// <param name="Refused">Not judged, because their schema was refused.</param>
internal sealed record SuiteTally(int Passed, int Failed, int Refused)
{
    /// <summary>All of them.</summary>
    [JsonIgnore]
    public int Total => Passed + Failed + Refused;
}

/// <summary>Counts of a draft.</summary>
internal sealed record SuiteDraftTally(string Draft, SuiteTally Required, SuiteTally Optional);

/// <summary>Counts of a file.</summary>
internal sealed record SuiteFileTally(string Draft, string File, bool Optional, int Passed, int Failed, int Refused);

/// <summary>A test that did not pass.</summary>
/// <param name="Draft">Its draft.</param>
/// <param name="File">Its file.</param>
/// <param name="Group">The description of its schema.</param>
/// <param name="Test">Its own description; null for a whole group that was refused.</param>
/// <param name="Tests">How many tests this is: 1, or those of the group.</param>
/// <param name="Detail">What came out instead.</param>
internal sealed record SuiteFailure(string Draft, string File, string Group, string? Test, int Tests, string Detail);
