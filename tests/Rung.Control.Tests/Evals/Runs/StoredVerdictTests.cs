using System.Text.Json;
using Rung.Control.Evals;
using Rung.Control.Evals.Runs;

namespace Rung.Control.Tests.Evals.Runs;

public sealed class StoredVerdictTests
{
    [Fact]
    public void A_verdict_that_never_came_is_read_as_it_was_stored()
    {
        IReadOnlyList<JudgeVerdict> verdicts =
        [
            new() { Model = "judge", CandidateFirst = true, Score = null, Attempts = 3, CostNanoUsd = 12 },
            new() { Model = "judge", CandidateFirst = false, Score = 0.5, Reason = "the same" },
        ];

        var stored = JsonSerializer.SerializeToUtf8Bytes(verdicts, RunJson.Options);

        Assert.Equal(verdicts, JsonSerializer.Deserialize<IReadOnlyList<JudgeVerdict>>(stored, RunJson.Options)!);
    }
}
