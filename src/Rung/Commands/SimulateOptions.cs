using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Rung.Commands.Policy;
using Rung.Control.Laboratory;
using Rung.Core.Rollouts;

namespace Rung.Commands;

/// <summary>The command line of <c>rung simulate</c>.</summary>
internal sealed class SimulateOptions
{
    public Option<string[]> Scenario { get; } = new("--scenario")
    {
        Description = "What happens, several separated by commas: equal, worse:0.03, slower:1.2, checks:2, errors:0.03, dearer:1.5, novelty:+0.03,2d, outage:2h, shift, recorded; "
            + "noise, drop:0.05@10d, price:1.5@10d, drift:0.02>0.08@5d.",
        HelpName = "WHAT", Required = true, AllowMultipleArgumentsPerToken = true,
    };
    public Option<int> Runs { get; } = new("--runs") { Description = "Runs of each scenario.", HelpName = "N", DefaultValueFactory = _ => 200 };
    public Option<long> Seed { get; } = new("--seed") { Description = "Decides all chance.", HelpName = "N", DefaultValueFactory = _ => 1 };
    public Option<int?> Days { get; } = new("--days") { Description = $"Virtual days of a run (default: {Simulator.RolloutDays} for a rollout, {Simulator.ControlDays} for the control loop).", HelpName = "D" };
    public Option<int> CallsPerDay { get; } = new("--calls-per-day") { Description = "Mean calls a day.", HelpName = "C", DefaultValueFactory = _ => 20_000 };
    public Option<double> Judged { get; } = new("--judged") { Description = "Share of the calls that get a verdict, 0 to 1.", HelpName = "SHARE", DefaultValueFactory = _ => 0.5 };
    public Option<double> CallsPerSession { get; } = new("--calls-per-session") { Description = "Mean calls of a session, 1 to 50.", HelpName = "C", DefaultValueFactory = _ => 4 };
    public Option<double> Pull { get; } = new("--session-pull") { Description = "How much the calls of a session go alike, 0 (not at all) to 1.", HelpName = "P", DefaultValueFactory = _ => 0.5 };
    public Option<double> Rhythm { get; } = new("--rhythm") { Description = "How far the busiest hour lies above the mean, 0 (no rhythm) to 1.", HelpName = "A", DefaultValueFactory = _ => 0.5 };
    public Option<string?> Policy { get; } = new("--policy") { Description = $"The policy in force: {PolicyFinder.Forms} (default: a small one of the laboratory's own).", HelpName = "FILE" };
    public Option<string?> Candidate { get; } = new("--candidate") { Description = "The policy that is rolled out (default: the policy in force again).", HelpName = "FILE" };
    public Option<string> Data { get; } = PolicyCommand.DataOption();
    public Option<string?> Tag { get; } = new("--tag") { Description = "The tag of all calls (default: the first with a floor and a ceiling).", HelpName = "TAG" };
    public Option<string?> Guards { get; } = new("--guards") { Description = "Guards and margins, as of rung rollout start: judge=0.03,p95_latency=0.1.", HelpName = "LIST" };
    public Option<string> Stages { get; } = new("--stages") { Description = "Shares of the candidate, percent, rising to 100.", HelpName = "LIST", DefaultValueFactory = _ => "1,10,50,100" };
    public Option<double> MinDays { get; } = new("--min-days") { Description = "Least days from the first stage to the whole traffic.", HelpName = "D", DefaultValueFactory = _ => 7 };
    public Option<string?> Recorded { get; } = new("--recorded") { Description = "Recorded outcomes of models, for the scenario 'recorded': a file, or a folder with outcomes.jsonl or outcomes.jsonl.gz.", HelpName = "PATH" };
    public Option<string?> RecordedCurrent { get; } = new("--recorded-current") { Description = "The recorded model that plays the current policy (default: the best).", HelpName = "MODEL" };
    public Option<string?> RecordedCandidate { get; } = new("--recorded-candidate") { Description = "The recorded model that plays the candidate (default: the next best).", HelpName = "MODEL" };
    public Option<int?> Threads { get; } = new("--threads") { Description = "Runs at once (default: one a processor). The result does not depend on it.", HelpName = "T" };
    public Option<bool> Json { get; } = PolicyCommand.JsonOption();

    /// <summary>All of them, in the order of the help.</summary>
    public IEnumerable<Option> All =>
    [
        Scenario, Runs, Seed, Days, CallsPerDay, Judged, CallsPerSession, Pull, Rhythm, Policy, Candidate, Data, Tag, Guards, Stages, MinDays, Recorded, RecordedCurrent, RecordedCandidate,
        Threads, Json,
    ];

    /// <summary>The traffic.</summary>
    public LabTerms Terms(ParseResult parsed, int processors) => new()
    {
        Runs = parsed.GetValue(Runs), Seed = parsed.GetValue(Seed), Days = parsed.GetValue(Days), CallsPerDay = parsed.GetValue(CallsPerDay), Judged = parsed.GetValue(Judged),
        CallsPerSession = parsed.GetValue(CallsPerSession), SessionPull = parsed.GetValue(Pull), Rhythm = parsed.GetValue(Rhythm), Threads = parsed.GetValue(Threads) ?? processors,
    };

    /// <summary>The scenarios, in the order given.</summary>
    /// <exception cref="FormatException">One cannot be read.</exception>
    public IReadOnlyList<LabScenario> Scenarios(ParseResult parsed) => LabScenario.ParseAll(string.Join(',', parsed.GetValue(Scenario) ?? []));

    /// <summary>The rollout; without guards when none are named.</summary>
    /// <exception cref="FormatException">Stages or guards cannot be read.</exception>
    public RolloutPlan Plan(ParseResult parsed)
    {
        ImmutableArray<Guard> guards = [];
        if (parsed.GetValue(Guards) is { } words && !GuardWords.TryParse(words, out guards, out var problem)) throw new FormatException(problem);
        var stages = ImmutableArray.CreateBuilder<int>();
        foreach (var part in parsed.GetRequiredValue(Stages).Split(',', StringSplitOptions.TrimEntries))
        {
            var isShare = decimal.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && percent is > 0 and <= 100;
            if (!isShare || (stages.Count > 0 && percent * 100 <= stages[^1])) throw new FormatException("--stages are shares in percent that rise to 100: 1,10,50,100.");
            stages.Add((int)(percent * 100));
        }
        if (stages.Count < 2 || stages[^1] != RolloutPlan.Whole) throw new FormatException("--stages are at least two shares in percent that rise to 100: 1,10,50,100.");
        if (parsed.GetValue(MinDays) is not (>= 0 and <= 365)) throw new FormatException("--min-days is 0 to 365.");
        return new RolloutPlan { Salt = "", Guards = guards, Stages = stages.ToImmutable(), MinTime = TimeSpan.FromDays(parsed.GetValue(MinDays)) };
    }
}
