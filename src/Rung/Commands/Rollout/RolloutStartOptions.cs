using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Rung.Commands.Policy;
using Rung.Control.Rollouts;
using Rung.Core.Rollouts;

namespace Rung.Commands.Rollout;

/// <summary>The options of <c>rung rollout start</c> and <c>plan</c>.</summary>
internal sealed class RolloutStartOptions
{
    /// <summary>What stands for every call in <c>--tags</c>.</summary>
    public const string EveryCall = "*";

    public Option<string> To { get; } = new("--to") { Description = $"The policy that should come: {PolicyFinder.Forms}.", HelpName = "POLICY", Required = true };
    public Option<string?> Tags { get; } = new("--tags") { Description = $"The tags that take part, separated by commas; without it those that the policy changes; '{EveryCall}': every call.", HelpName = "TAGS" };
    public Option<string> Stages { get; } = new("--stages") { Description = "Shares of the new policy in percent, stage by stage.", HelpName = "PERCENTS", DefaultValueFactory = _ => "1,10,50,100" };
    public Option<double?> MinDays { get; } = new("--min-days") { Description = "Least time until 100 %, in days; else 7.", HelpName = "DAYS" };
    public Option<string?> MinTime { get; } = new("--min-time") { Description = "The same as a length of time: 30m, 12h, 3d.", HelpName = "TIME" };
    public Option<int> MinSample { get; } = new("--min-sample") { Description = "Least number of observations of the new policy in every guard and stage.", HelpName = "N", DefaultValueFactory = _ => 50 };
    public Option<RolloutUnit?> Unit { get; } = new("--unit") { Description = "What is assigned, whole and for good: session, user, key or call; without it the session, else the user, whichever calls carry.", HelpName = "UNIT" };
    public Option<string?> Guards { get; } = new("--guards") { Description = $"What must not become worse, by how much: judge=0.03,p95_latency=0.1. Known: {GuardWords.Known}. Without it, what calls were really judged by.", HelpName = "GUARDS" };
    public Option<double> Holdback { get; } = new("--holdback") { Description = "Percent of the units that never get the new policy.", HelpName = "PERCENT" };
    public Option<string?> Shadow { get; } = new("--shadow") { Description = "Copies first, which nobody sees: sample=0.1,max-usd=5,judgements=200.", HelpName = "TERMS" };
    public Option<string?> Why { get; } = new("--why") { Description = "Why, for the record; without it what changes.", HelpName = "REASON" };
    public Option<bool> Yes { get; } = new("--yes") { Description = "Do not ask. Needed where nobody can be asked." };
    public Option<string> Policy { get; } = PolicyCommand.PolicyOption("The policy file of the gateway.");
    public Option<string> Data { get; } = PolicyCommand.DataOption();
    public Option<bool> Json { get; } = PolicyCommand.JsonOption();

    public void AddTo(Command command, bool isDry)
    {
        foreach (var option in new Option[] { To, Tags, Stages, MinDays, MinTime, MinSample, Unit, Guards, Holdback, Shadow, Why, Policy, Data, Json }) command.Add(option);
        if (!isDry) command.Add(Yes);
    }

    /// <summary>Reads them.</summary>
    /// <exception cref="RolloutException">One of them makes no sense.</exception>
    public RolloutRequest Read(ParseResult parsed, WholePolicy candidate)
    {
        var tags = parsed.GetValue(Tags)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
        ImmutableArray<Guard> guards = [];
        if (parsed.GetValue(Guards) is { } words && !GuardWords.TryParse(words, out guards, out var problem)) throw Wrong(problem!, "Write them as judge=0.03,p95_latency=0.1");
        return new RolloutRequest
        {
            Candidate = candidate, EveryCall = tags is [EveryCall], Tags = tags is [EveryCall] ? [] : [.. tags], Stages = ReadStages(parsed.GetRequiredValue(Stages)), MinTime = ReadMinTime(parsed),
            MinSample = parsed.GetValue(MinSample), Unit = parsed.GetValue(Unit), Guards = guards, Holdback = (int)Math.Round(parsed.GetValue(Holdback) * 100),
            Shadow = parsed.GetValue(Shadow) is { } shadow ? ReadShadow(shadow) : null, By = Environment.UserName, Why = parsed.GetValue(Why),
        };
    }

    private TimeSpan ReadMinTime(ParseResult parsed)
    {
        var (days, time) = (parsed.GetValue(MinDays), parsed.GetValue(MinTime));
        if (days is not null && time is not null) throw Wrong("--min-days and --min-time say the same twice.", "Give one of them.");
        if (days is { } number) return number is >= 0 and <= 3650 ? TimeSpan.FromDays(number) : throw Wrong($"--min-days is {number}.", "It lies between 0 and 3,650.");
        return time is null ? TimeSpan.FromDays(7) : LengthOfTime.Read(time) ?? throw Wrong($"--min-time {time} is no length of time.", "Write it as 30m, 12h or 3d.");
    }

    private static ImmutableArray<int> ReadStages(string text)
    {
        var stages = ImmutableArray.CreateBuilder<int>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) || percent > 100)
                throw Wrong($"'{part}' in --stages is no percentage.", "Write them as 1,10,50,100");
            stages.Add((int)Math.Round(percent * 100));
        }
        return stages.ToImmutable();
    }

    private static ShadowTerms ReadShadow(string text)
    {
        var (sample, usd, judgements) = (0.1, 5m, 200);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var read = part.Split('=', 2) switch
            {
                ["sample", var value] => double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out sample),
                ["max-usd", var value] => decimal.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out usd) && usd < 1_000_000,
                ["judgements", var value] => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out judgements),
                _ => false,
            };
            if (!read) throw Wrong($"'{part}' in --shadow is not understood.", "Write it as sample=0.1,max-usd=5,judgements=200");
        }
        return new ShadowTerms(sample, (long)(usd * 1_000_000_000m), judgements);
    }

    private static RolloutException Wrong(string problem, string fix) => new(RolloutFault.Invalid, problem, fix);
}
