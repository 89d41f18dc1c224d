using Rung.Control.Evals.Standing;

namespace Rung.Dashboard.Evidence;

/// <summary>What the pages on evidence need beyond the ledger: the policy with its files and the linter's opinions, which live where prices and policies are read.</summary>
public interface IEvidenceLook
{
    /// <summary>The runs of evals with their reports; null: this gateway keeps no content.</summary>
    RunShelf? Runs { get; }

    /// <summary>The policy in force with what it includes and what the linter says of it.</summary>
    Task<EvidenceView> JudgedAsync(CancellationToken cancellationToken);
}

/// <summary>The policy in force as the linter sees it.</summary>
/// <param name="Judged">The policy, its files, its lints.</param>
/// <param name="IsObserved">Whether the linter has held it against recent traffic too: inputs that drifted, models that report themselves otherwise.</param>
/// <param name="Problem">Why files and lints are missing; null when they are not.</param>
public sealed record EvidenceView(JudgedPolicy Judged, bool IsObserved, string? Problem);
