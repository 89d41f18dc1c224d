using Rung.Storage.Revisions;
using static Rung.Tests.Serving.FollowedGateway;

namespace Rung.Tests.Serving;

/// <summary>Which policy is in force: the file's, or one that the control loop made; at the start, on the way, and after a restart.</summary>
public sealed class PolicyInForceTests
{
    [Fact]
    public async Task An_automatic_revision_comes_into_force_beside_an_unchanged_file_and_outlives_a_restart()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        var automatic = await gateway.PublishAsync(SumsOn("large"), RevisionOrigin.Automatic, gateway.FileHash);

        await gateway.StepAsync();
        await gateway.StepAsync();
        Assert.Equal((automatic, "large"), (gateway.InForce, gateway.Policies.Snapshot.Tags["sums"].Tier.Name));

        await using var again = await gateway.RestartAsync();
        Assert.Equal((automatic, automatic), (again.InForce, again.Starting.Automatic!.Number));
        await again.StepAsync();
        Assert.Equal((automatic, 2), (again.InForce, (await again.Ledger.ListRevisionsAsync(CancellationToken.None)).Count));
    }

    [Fact]
    public async Task A_changed_file_is_a_persons_decision_and_comes_into_force_over_an_automatic_revision()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        await gateway.PublishAsync(SumsOn("large"), RevisionOrigin.Automatic, gateway.FileHash);
        await gateway.StepAsync();

        await File.WriteAllTextAsync(gateway.Path, SumsOn("small", model: "other"));
        await gateway.StepAsync();

        Assert.Equal((3L, "other"), (gateway.InForce, gateway.Policies.Snapshot.Models[0].Name));
        Assert.Equal(RevisionOrigin.Person, (await gateway.Ledger.ListRevisionsAsync(CancellationToken.None))[0].Origin);
    }

    [Fact]
    public async Task A_pin_that_is_taken_away_is_a_warning_in_the_log()
    {
        const string Pins = """


            pins:
              - { name: law, when: { tag: sums }, models: [maxi], why: "A law." }
            """;
        await using var gateway = await StartAsync(SumsOn("large") + Pins);
        await gateway.StepAsync();

        await File.WriteAllTextAsync(gateway.Path, SumsOn("large"));
        await gateway.StepAsync();

        Assert.Single(gateway.Said.Lines, line => line.StartsWith("Warning Policy revision 2 changes what calls are pinned to: pin law: removed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_wrong_with_the_file_is_said_as_it_is_now_and_so_is_its_end()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        await gateway.StepAsync();

        File.Delete(gateway.Path);
        await gateway.StepAsync();
        var missing = gateway.Policies.Status.Problem;
        await File.WriteAllTextAsync(gateway.Path, "");
        await gateway.StepAsync();
        var empty = gateway.Policies.Status.Problem;
        await File.WriteAllTextAsync(gateway.Path, SumsOn("small"));
        await gateway.StepAsync();

        Assert.Contains("There is no policy file", missing, StringComparison.Ordinal);
        Assert.Contains("is empty", empty, StringComparison.Ordinal);
        Assert.Null(gateway.Policies.Status.Problem);
        Assert.Single(gateway.Said.Lines, line => line.Contains("is in order again; revision 1 is in force", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_that_was_changed_while_the_gateway_was_down_wins_too()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        await gateway.PublishAsync(SumsOn("large"), RevisionOrigin.Automatic, gateway.FileHash);
        await File.WriteAllTextAsync(gateway.Path, SumsOn("small", model: "other"));
        await using var again = await gateway.RestartAsync();
        Assert.Equal((3L, null), (again.InForce, again.Starting.Automatic));
    }

    [Fact]
    public async Task A_second_demotion_on_the_same_file_stands_as_the_first_did()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        var hash = gateway.FileHash;
        await gateway.PublishAsync(SumsOn("large"), RevisionOrigin.Automatic, hash);
        await gateway.PublishAsync(SumsOn("large", model: "other"), RevisionOrigin.Automatic, hash);
        await using var again = await gateway.RestartAsync();
        Assert.Equal((3L, 3L), (again.InForce, again.Starting.Automatic!.Number));
    }

    [Fact]
    public async Task An_automatic_revision_that_was_written_to_the_file_is_the_file()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        var automatic = await gateway.PublishAsync(SumsOn("large"), RevisionOrigin.Automatic, gateway.FileHash);
        await File.WriteAllTextAsync(gateway.Path, SumsOn("large"));
        await gateway.StepAsync();
        await using var again = await gateway.RestartAsync();
        Assert.Equal((automatic, automatic, null, 2), (gateway.InForce, again.InForce, again.Starting.Automatic, (await again.Ledger.ListRevisionsAsync(CancellationToken.None)).Count));
    }

    [Fact]
    public async Task A_person_who_puts_the_file_back_after_it_was_written_takes_the_revision_back()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        await gateway.PublishAsync(SumsOn("large"), RevisionOrigin.Automatic, gateway.FileHash);
        await gateway.StepAsync();
        await File.WriteAllTextAsync(gateway.Path, SumsOn("large")); // As the control loop does.
        await gateway.StepAsync();

        await File.WriteAllTextAsync(gateway.Path, SumsOn("small"));
        await gateway.StepAsync();

        Assert.Equal((3L, "small"), (gateway.InForce, gateway.Policies.Snapshot.Tags["sums"].Tier.Name));
        await using var again = await gateway.RestartAsync();
        Assert.Equal((3L, null), (again.InForce, again.Starting.Automatic));
    }

    [Fact]
    public async Task A_fault_in_the_file_and_its_repair_take_nothing_back()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        var automatic = await gateway.PublishAsync(SumsOn("large"), RevisionOrigin.Automatic, gateway.FileHash);
        await gateway.StepAsync();

        await File.WriteAllTextAsync(gateway.Path, SumsOn("smal"));
        await gateway.StepAsync();
        Assert.Contains("There is no tier", gateway.Policies.Status.Problem, StringComparison.Ordinal);
        await File.WriteAllTextAsync(gateway.Path, SumsOn("small"));
        await gateway.StepAsync();

        Assert.Equal((automatic, null), (gateway.InForce, gateway.Policies.Status.Problem));
    }

    [Fact]
    public async Task A_revision_that_another_process_publishes_is_taken_up_and_a_candidate_is_not()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        await using var other = await gateway.RestartAsync();
        var published = await gateway.PublishAsync(SumsOn("large"), RevisionOrigin.Person, by: other.Ledger);
        await gateway.PublishAsync(SumsOn("small", model: "candidate"), RevisionOrigin.Candidate, by: other.Ledger);
        await gateway.StepAsync();
        Assert.Equal(published, gateway.InForce);
    }

    [Fact]
    public async Task A_newer_revision_that_cannot_be_used_here_is_refused_loudly_and_the_last_one_stays()
    {
        await using var gateway = await StartAsync(SumsOn("small"));
        await gateway.Ledger.PublishRevisionAsync(new string('a', 64), "version: 99", new Dictionary<string, ReadOnlyMemory<byte>>(), "ana", "from the future", CancellationToken.None);
        await gateway.StepAsync();
        Assert.Equal(1, gateway.InForce);
        Assert.Contains("revision 2 of the ledger cannot be used here", gateway.Policies.Status.Problem, StringComparison.Ordinal);
    }
}
