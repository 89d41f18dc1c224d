using System.CommandLine;
using System.Globalization;
using Rung.Commands.Policy;
using Rung.Core.Statistics;
using Rung.Recorded;
using Spectre.Console;

namespace Rung.Commands.Eval;

/// <summary><c>rung eval power</c>: how many rows an eval needs; and, on recorded outcomes, how often it would decide rightly and wrongly.</summary>
internal static class EvalPowerCommand
{
    private static readonly double[] s_differences = [-0.02, -0.01, 0, 0.01, 0.02];
    private static readonly double[] s_powers = [0.8, 0.9];

    public static Command Create()
    {
        var options = new EvalPowerOptions();
        var command = new Command("power", "Say how many rows an eval needs, and how often evals of recorded outcomes decide rightly and wrongly.");
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            if (options.Fault(parsed) is { } fault) return Task.FromResult(Output.Fail(error, fault.Message, fault.Fix));
            return PolicyCommand.GuardAsync(error, async () =>
            {
                try
                {
                    if (parsed.GetValue(options.Outcomes) is { Length: > 0 }) return await TryAsync(options, parsed, cancellationToken);
                    Plan(options, parsed, output);
                    return ExitCode.Ok;
                }
                catch (InvalidDataException unusable)
                {
                    return Output.Fail(error, unusable.Message);
                }
            });
        });
        return command;
    }

    /// <summary>Without a recording: by formula.</summary>
    private static void Plan(EvalPowerOptions options, ParseResult parsed, TextWriter output)
    {
        var (rows, margin, confidence, discordance) = (parsed.GetValue(options.Rows), parsed.GetValue(options.Margin), parsed.GetValue(options.Confidence), parsed.GetValue(options.Discordance));
        var powers = s_differences.Where(difference => difference > -margin && Math.Abs(difference) <= discordance).Select(difference => (Difference: difference, Power: NonInferiority.Power(rows, difference, discordance, margin, confidence))).ToList();
        var needed = s_powers.Select(power => (Power: power, Rows: NonInferiority.RowsNeeded(discordance, margin, confidence, power))).ToList();
        if (parsed.GetValue(options.Json))
        {
            Output.WriteJson(output, new
            {
                Rows = rows, Margin = margin, Confidence = confidence, Discordance = discordance,
                Power = powers.Select(one => new { TrueDifference = one.Difference, Power = Round(one.Power) }), RowsNeeded = needed.Select(one => new { one.Power, one.Rows }),
            });
            return;
        }
        Lines.Write(output, "", $"An eval of {rows:N0} rows, margin {Points(margin)}, confidence {Percent(confidence)}; candidate and reference disagree on {Percent(discordance)} of the rows.");
        output.WriteLine();
        var table = TableOf("the candidate is really", "an eval says eligible");
        foreach (var (difference, power) in powers) table.AddRow(difference == 0 ? "as good" : $"{Points(Math.Abs(difference))} {(difference < 0 ? "worse" : "better")}", Percent(power));
        PlainTable.Write(output, table);
        output.WriteLine();
        foreach (var (power, count) in needed) output.WriteLine($"{count,7:N0} rows find a candidate that is as good eligible in {Percent(power)} of evals.");
        Lines.Write(output, "", "A candidate that is worse by the margin is called eligible in at most " + $"{Percent(1 - confidence)} of evals, whatever the rows.");
    }

    private static async Task<int> TryAsync(EvalPowerOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var (reference, source) = (parsed.GetRequiredValue(options.Reference), parsed.GetValue(options.Source));
        var terms = new PowerTerms(parsed.GetValue(options.Rows), parsed.GetValue(options.Margin), parsed.GetValue(options.Confidence), parsed.GetValue(options.Repetitions), parsed.GetValue(options.Seed));
        var recorded = await RecordedOutcomes.ReadAsync(parsed.GetRequiredValue(options.Outcomes), [], new RecordedReading { Label = parsed.GetValue(options.Label), KeepDuplicates = true }, cancellationToken);
        UpstreamCommand.ReportReading(recorded, error);
        var candidates = parsed.GetRequiredValue(options.Candidates).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).ToList();
        foreach (var name in candidates.Prepend(reference))
        {
            if (!recorded.Knows(name)) return Output.Fail(error, $"No row has the model {Lines.Clean(name)}.", $"Recorded are: {string.Join(", ", recorded.Models.Take(12))}");
        }
        var rows = source is null ? recorded.Rows : [.. recorded.Rows.Where(row => row.Source.StartsWith(source, StringComparison.Ordinal))];
        if (rows.Count == 0) return Output.Fail(error, $"No row has a source that begins with {Lines.Clean(source!)}.", "The sources stand in the files as \"source\".");

        var trials = new List<PowerTrial>();
        foreach (var candidate in candidates)
        {
            var pairs = rows.Select(row => (Mine: row.Of(candidate)?.Score, Other: row.Of(reference)?.Score)).Where(pair => pair is { Mine: not null, Other: not null })
                .Select(pair => (pair.Mine!.Value, pair.Other!.Value)).ToList();
            if (pairs.Count == 0) return Output.Fail(error, $"No row has the grades of both {candidate} and {reference}.", "Name other models.");
            await error.WriteLineAsync($"rung: {terms.Repetitions:N0} evals of {candidate}");
            trials.Add(PowerTrial.Run(pairs, candidate, terms, cancellationToken));
        }
        if (parsed.GetValue(options.Json)) WriteJson(output, reference, source, terms, trials);
        else WriteTable(output, reference, terms, trials);
        return ExitCode.Ok;
    }

    private static void WriteJson(TextWriter output, string reference, string? source, PowerTerms terms, List<PowerTrial> trials) => Output.WriteJson(output, new
    {
        Reference = reference, Source = source, terms.Rows, terms.Margin, terms.Confidence, terms.Repetitions, terms.Seed, SimulationError = Round(Error(1 - terms.Confidence, terms)),
        Candidates = trials.Select(one => new
        {
            Model = one.Candidate, one.Population, TrueDifference = Round(one.Difference), Discordance = Round(one.Discordance), IsGoodEnough = one.IsGoodEnough, Eligible = Round(one.Eligible),
            EligibleByFormula = Round(one.EligibleByFormula), FalseEligibleAtMargin = Round(one.FalseAtMargin), FalseEligibleAtOwnDifference = Round(one.FalseAtOwnDifference), one.Method,
        }),
    });

    private static void WriteTable(TextWriter output, string reference, PowerTerms terms, List<PowerTrial> trials)
    {
        Lines.Write(output, "", $"{terms.Repetitions:N0} evals of {terms.Rows:N0} rows each, drawn with replacement; reference {reference}, margin {Points(terms.Margin)}, confidence {Percent(terms.Confidence)}, seed {terms.Seed}.");
        output.WriteLine();
        var table = TableOf("candidate", "rows", "true diff.", "disagree", "eligible", "by formula", "false at margin", "false at own");
        foreach (var one in trials)
        {
            table.AddRow(Markup.Escape(Lines.Clean(one.Candidate)), $"{one.Population:N0}", Signed(one.Difference), Percent(one.Discordance), Percent(one.Eligible), Percent(one.EligibleByFormula),
                one.FalseAtMargin is { } margin ? Percent(margin) : "-", one.FalseAtOwnDifference is { } own ? Percent(own) : "-");
        }
        PlainTable.Write(output, table);
        output.WriteLine();
        Lines.Write(output, "", "eligible: share of the evals that find it not worse by the margin. False at margin: the same of a candidate made worse by exactly the margin (some answers by chance those of the reference, or wrong). "
            + "False at own: with the margin put at the candidate's own difference, where the null holds exactly. "
            + $"Both should be at most {Percent(1 - terms.Confidence)}; the simulation itself errs by about {Percent(2 * Error(1 - terms.Confidence, terms))}.");
        foreach (var method in trials.Select(one => one.Method).Distinct(StringComparer.Ordinal)) Lines.Write(output, "", $"Test: {method}.");
    }

    private static double Error(double share, PowerTerms terms) => Math.Sqrt(share * (1 - share) / terms.Repetitions);

    private static Table TableOf(params string[] heads)
    {
        var table = new Table { Border = TableBorder.Simple };
        for (var i = 0; i < heads.Length; i++) table.AddColumn(new TableColumn(heads[i]) { Alignment = i == 0 ? Justify.Left : Justify.Right, Padding = new Padding(0, 0, 1, 0) });
        return table;
    }

    private static double Round(double value) => Math.Round(value, 4);

    private static double? Round(double? value) => value is { } known ? Math.Round(known, 4) : null;

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %").Replace(".0 %", " %", StringComparison.Ordinal);

    private static string Signed(double difference) => (100 * difference).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    private static string Points(double share)
    {
        var text = (100 * share).ToString("0.#", CultureInfo.InvariantCulture);
        return text == "1" ? "1 point" : $"{text} points";
    }
}
