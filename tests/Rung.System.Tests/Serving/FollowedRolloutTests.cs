using Rung.Core.Rollouts;
using Rung.Storage;
using Rung.Storage.Revisions;
using Rung.Storage.Rollouts;
using static Rung.Tests.Serving.FollowedGateway;

namespace Rung.Tests.Serving;

/// <summary>Rollouts are followed through the ledger, also by a gateway that starts anew, and also when the ledger breaks.</summary>
public sealed class FollowedRolloutTests
{
    [Fact]
    public async Task Its_stages_its_end_and_its_rollback_reach_the_gateway()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        var id = await gateway.StartRolloutAsync(SumsOn("large"));
        await gateway.StepAsync();
        var first = Assert.Single(gateway.Policies.Status.Rollouts);
        Assert.Equal((id, 1m, 2L, 1L), (first.Id, first.SharePercent, first.CandidateRevision, gateway.InForce));

        await gateway.HappensAsync(id, RolloutEventKind.Advanced, stage: 2);
        await gateway.StepAsync();
        Assert.Equal(50m, gateway.Policies.Status.Rollouts[0].SharePercent);

        await gateway.HappensAsync(id, RolloutEventKind.RolledBack, stage: -1);
        await gateway.StepAsync();
        Assert.Empty(gateway.Policies.Status.Rollouts);
    }

    [Fact]
    public async Task A_gateway_that_starts_anew_applies_it_before_its_first_call()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        await gateway.StartRolloutAsync(SumsOn("large"), stage: 1);
        await using var again = await gateway.RestartAsync();
        Assert.Equal(10m, Assert.Single(again.Policies.Status.Rollouts).SharePercent);
    }

    [Fact]
    public async Task Completed_the_candidate_is_the_policy_and_the_units_held_back_keep_the_base_also_after_a_restart()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        var id = await gateway.StartRolloutAsync(SumsOn("large"), Plan(holdback: 500), stage: 3);
        await gateway.StepAsync();
        var candidate = Compile(SumsOn("large"));
        var completed = await gateway.Ledger.CompleteRolloutAsync(
            id, Event(1, RolloutEventKind.Completed, stage: 3),
            new AutomaticRevision
            {
                Hash = candidate.Compilation.Snapshot!.Hash, Text = candidate.Text, Files = candidate.Files, Reason = "rollout 1 is complete", FileHash = gateway.FileHash, After = 1,
            },
            CancellationToken.None);
        await gateway.StepAsync();
        await using var again = await gateway.RestartAsync();

        Assert.All<FollowedGateway>([gateway, again], one =>
        {
            var rollout = Assert.Single(one.Policies.Status.Rollouts);
            Assert.Equal((completed!.Number, "large", null, 1L, 5m), (one.InForce, one.Policies.Snapshot.Tags["sums"].Tier.Name, rollout.CandidateRevision, rollout.HoldbackRevision, rollout.HoldbackPercent));
        });
    }

    [Fact]
    public async Task A_shadow_is_applied_without_a_share()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        await gateway.StartRolloutAsync(SumsOn("large"), Plan(shadow: new ShadowTerms(0.1, 1_000_000, 100)), stage: -1);
        await gateway.StepAsync();
        Assert.Equal((true, 0m), (gateway.Policies.Status.Rollouts[0].Shadow, gateway.Policies.Status.Rollouts[0].SharePercent));
    }

    [Fact]
    public async Task A_candidate_that_does_not_compile_is_not_applied_and_said_loudly()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        var number = (await gateway.Ledger.PublishRevisionAsync(
            new string('b', 64), "version: 99", new Dictionary<string, ReadOnlyMemory<byte>>(), "ana", "broken", CancellationToken.None, RevisionOrigin.Candidate)).Number;
        await gateway.Ledger.StartRolloutAsync(number, 1, Plan(), Event(0, RolloutEventKind.Started, stage: 0), CancellationToken.None);
        await gateway.StepAsync();
        Assert.Empty(gateway.Policies.Status.Rollouts);
        Assert.Contains("revision 2, cannot be used here", Assert.Single(gateway.Policies.Status.RolloutsRefused).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("moved away")]
    [InlineData("overwritten with rubbish")]
    [InlineData("emptied")]
    [InlineData("replaced by a folder")]
    public async Task While_the_ledger_is_broken_the_last_policy_and_rollouts_stay_and_afterwards_they_are_followed_again(string how)
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        var id = await gateway.StartRolloutAsync(SumsOn("large"), stage: 1);
        await gateway.StepAsync();
        // The gateway's writer keeps its handles; what breaks is the file for whoever opens it now.
        string[] names = [.. Directory.EnumerateFiles(gateway.Data, $"{Ledger.FileName}*").Select(file => Path.GetFileName(file)!)];
        var away = Directory.CreateDirectory(Path.Combine(gateway.Data, "away")).FullName;
        foreach (var name in names) File.Move(Path.Combine(gateway.Data, name), Path.Combine(away, name));
        var file = Path.Combine(gateway.Data, Ledger.FileName);
        if (how == "overwritten with rubbish") await File.WriteAllTextAsync(file, new string('x', 9_000));
        if (how == "emptied") await File.WriteAllBytesAsync(file, []);
        if (how == "replaced by a folder") Directory.CreateDirectory(file);

        for (var i = 0; i < 3; i++) await gateway.StepAsync();
        Assert.NotNull(gateway.Policies.Status.LedgerProblem);
        Assert.Equal((1L, 10m), (gateway.InForce, Assert.Single(gateway.Policies.Status.Rollouts).SharePercent));

        // A change of the file meanwhile does not come into force unrecorded, and is not forgotten; but the writer's own handles may still be good.
        if (Directory.Exists(file)) Directory.Delete(file);
        else File.Delete(file);
        foreach (var name in names) File.Move(Path.Combine(away, name), Path.Combine(gateway.Data, name));
        await gateway.HappensAsync(id, RolloutEventKind.RolledBack, stage: -1);
        await gateway.StepAsync();
        Assert.Null(gateway.Policies.Status.LedgerProblem);
        Assert.Empty(gateway.Policies.Status.Rollouts);
    }

    [Fact]
    public async Task A_ledger_that_was_made_anew_ends_no_rollout()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        await gateway.StartRolloutAsync(SumsOn("large"), stage: 1);
        await gateway.StepAsync();
        foreach (var file in Directory.EnumerateFiles(gateway.Data, $"{Ledger.FileName}*")) File.Delete(file);
        await using var anew = Ledger.Open(gateway.Data, TimeProvider.System);

        await gateway.StepAsync();

        Assert.Contains("another file than the one that was opened", gateway.Policies.Status.LedgerProblem, StringComparison.Ordinal);
        Assert.Single(gateway.Policies.Status.Rollouts);
    }

    [Fact]
    public async Task The_word_current_means_no_candidate()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        await gateway.StartRolloutAsync(SumsOn("large"));
        var finder = new Rung.Commands.Policy.PolicyFinder(gateway.Data, TimeProvider.System);
        Assert.Equal(1, (await finder.RevisionAsync("current", CancellationToken.None)).Number);
        Assert.Equal(2, (await finder.RevisionAsync("2", CancellationToken.None)).Number);
    }
}
