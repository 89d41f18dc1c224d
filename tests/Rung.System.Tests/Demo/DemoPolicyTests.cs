using System.Text;
using Rung.Core.Checks;
using Rung.Core.Policies;
using Rung.Core.Prices;
using Rung.Demo;
using Rung.Serving;

namespace Rung.Tests.Demo;

public sealed class DemoPolicyTests
{
    private static readonly DateOnly s_asOf = new(2026, 11, 21); // The day whose prices the file names.

    private static readonly IReadOnlyList<DemoJob> s_jobs = [.. ResearchJobs.All, .. CodingJobs.All, .. SupportJobs.All];

    [Fact]
    public void Both_policies_are_free_of_faults_and_the_file_of_lints()
    {
        var (before, after) = (DemoPolicy.AllFrontier("http://127.0.0.1:1/v1", s_asOf), DemoPolicy.Routed("http://127.0.0.1:1/v1", s_asOf));

        Assert.DoesNotContain(after.Compilation.Lints, lint => lint.Severity > LintSeverity.Info); // Its evidence is simulated, and the linter says that it is no certificate.
        Assert.Empty(before.Compilation.Snapshot!.Tags);
        Assert.Empty(before.Compilation.Snapshot.Roles);
        Assert.Equal("frontier", before.Compilation.Snapshot.Default.Tier.Name);
        Assert.All(before.Compilation.Snapshot.Models.Concat(after.Compilation.Snapshot!.Models), model => Assert.Equal("http://127.0.0.1:1/v1", model.BaseUrl.AbsoluteUri));
    }

    [Fact]
    public void The_embedded_policy_is_the_file_of_the_repository()
    {
        var root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Rung.slnx"))) root = Path.GetDirectoryName(root) ?? throw new InvalidOperationException("The tests run outside the repository.");

        var file = PolicyFile.Read(Path.Combine(root, DemoPolicy.Path), PriceBook.Embedded, s_asOf);

        Assert.Equal(file.Compilation.Snapshot!.Hash, DemoPolicy.Routed("http://127.0.0.1:8099/v1", s_asOf).Compilation.Snapshot!.Hash);
    }

    [Fact]
    public void Each_simulated_model_has_the_list_price_of_the_public_model_that_is_named()
    {
        var policy = Routed();
        foreach (var simulated in SimulatedModel.All)
        {
            var named = simulated.PricedAs.Split('/');
            var listed = PriceBook.Embedded.Find(named[0], named[1])!.At(new DateTimeOffset(s_asOf, default, TimeSpan.Zero))!.Rates;
            var model = Assert.Single(policy.Models, model => model.UpstreamId == simulated.Id);
            var rates = model.Price!.Periods[0].Rates;

            Assert.Equal((listed.Input, listed.Output), (rates.Input, rates.Output));
            Assert.Equal(simulated.Tier, Assert.Single(policy.Ladder, tier => tier.Pool.Contains(model.Index)).Name);
        }
    }

    [Fact]
    public void Every_good_answer_passes_the_checks_and_every_fault_makes_the_call_climb()
    {
        var policy = Routed();
        var steps = Enumerable.Range(0, 30).SelectMany(number => DemoSessions.Of(7, number).Steps);
        foreach (var step in steps)
        {
            var route = policy.Tags.GetValueOrDefault(step.Job.Tag) ?? policy.Roles.GetValueOrDefault(step.Job.Role) ?? policy.Default;
            var cap = route.MaxTokens == 0 ? step.Job.MaxTokens : Math.Min(route.MaxTokens, step.Job.MaxTokens);
            var good = step.Job.Answer(step.Prompt);

            Assert.True(good.Length <= cap * SimulatedReply.CharactersPerToken, $"{step.Job.Tag}: a good answer has {good.Length} characters");
            Assert.Null(Complaint(route, good));
            Assert.All(step.Job.Faults, fault =>
            {
                var bad = SimulatedFaults.Apply(fault, good, step.Prompt, cap);
                var seen = fault == SimulatedFault.RunsOn
                    ? bad.Length > cap * SimulatedReply.CharactersPerToken && route.Escalation!.On.HasFlag(ClimbCause.Truncated)
                    : Complaint(route, bad) is not null && route.Escalation!.On.HasFlag(ClimbCause.CheckFailed);
                Assert.True(seen, $"{step.Job.Tag}: {fault} is not seen: {bad}");
            });
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_sessions_and_another_one_others()
    {
        Assert.Equal(Texts(seed: 3), Texts(seed: 3));
        Assert.Empty(Texts(seed: 3).Intersect(Texts(seed: 4)));

        static string[] Texts(long seed) => [.. Enumerable.Range(0, 9).SelectMany(number => DemoSessions.Of(seed, number).Steps).Select(step => step.Prompt).Distinct()];
    }

    [Fact]
    public void Faults_come_about_as_often_as_stated()
    {
        var steps = Enumerable.Range(0, 600).SelectMany(number => DemoSessions.Of(1, number).Steps).Where(step => step.Job.Faults.Count > 0).ToArray();
        foreach (var model in SimulatedModel.All)
        {
            var faulty = steps.Count(step => new SimulatedReply(model, new(model.Id, step.Job.Instruction, step.Prompt, 1000, false, false), seed: 1, new SimulatedForm()).Fault is not null);

            Assert.InRange((double)faulty / steps.Length, model.FaultRate * 0.7, (model.FaultRate * 1.3) + 0.001);
        }
        Assert.Equal(s_jobs.Count, s_jobs.Select(job => job.Instruction).Distinct().Count());
    }

    private static PolicySnapshot Routed() => DemoPolicy.Routed("http://127.0.0.1:1/v1", s_asOf).Compilation.Snapshot!;

    private static string? Complaint(Route route, string answer) =>
        route.Checks.Select(check => check.Evaluate(new Answer { Content = Encoding.UTF8.GetBytes(answer) })).FirstOrDefault(result => !result.Passed).Detail;
}
