namespace Rung.Demo.Ledgers;

/// <summary>A session that goes on: what it has still to do.</summary>
internal sealed class WorldSession
{
    /// <summary>Its agent.</summary>
    public required WorldAgent Agent { get; init; }
    /// <summary>Its name; null: its calls belong to none.</summary>
    public string? Name { get; init; }
    /// <summary>Its user; null when the caller names none.</summary>
    public string? User { get; init; }
    /// <summary>Its jobs, in order.</summary>
    public List<WorldJob> Jobs { get; } = [];
    /// <summary>How fast models answer it, as a factor: calls of a session hang together.</summary>
    public required double Pace { get; init; }
    /// <summary>How long its prompts are, as a factor.</summary>
    public required double Length { get; init; }
    /// <summary>Calls that were made.</summary>
    public int Done { get; set; }
    /// <summary>Whether any of its answers was wrong or missing.</summary>
    public bool WentWrong { get; set; }
}
