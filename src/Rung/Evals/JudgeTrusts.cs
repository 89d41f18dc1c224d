using Rung.Control.Evals.Judging;
using Rung.Control.Evals.Runs;
using Rung.Storage.Content;

namespace Rung.Evals;

/// <summary>What is known of judges.</summary>
internal static class JudgeTrusts
{
    /// <summary>By what the store holds.</summary>
    public static IJudgeTrust Of(ContentStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return new StoredJudges(store, TimeProvider.System);
    }
}
