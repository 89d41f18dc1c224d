using Rung.Core.Guarantees;

namespace Rung.Commands.Policy;

/// <summary>The economics of a cascade for people.</summary>
internal static class EconomicsText
{
    /// <summary>Climb rates that are shown when nobody knows the real one.</summary>
    private static readonly double[] s_examples = [0.1, 0.25, 0.5, 0.75];

    /// <summary>Writes it.</summary>
    public static void Write(TextWriter output, EconomicsReport report)
    {
        output.WriteLine();
        Lines.Write(output, "economics: ", $"{report.Weak} first, {report.Strong} when it climbs; US dollars for 1,000 calls");
        if (report.Costs is not { } costs)
        {
            Lines.Write(output, "- ", $"costs are {report.CostSource}");
        }
        else
        {
            Lines.Write(output, "- ", $"every call: {Money(costs.WeakNanoUsd)} for {report.Weak} + {Money(costs.VerifierNanoUsd)} verifier + {Money(costs.SamplesNanoUsd)} further answers = {Money(costs.AlwaysNanoUsd)}");
            Lines.Write(output, "- ", $"a climb: {Money(costs.ClimbNanoUsd)} for {report.Strong}");
            Lines.Write(output, "  ", $"({report.CostSource})");
            Lines.Write(output, "- ", $"climbs: {(report.ClimbRate is { } known ? $"{known * 100:0.0} % of the calls" : "unknown share of the calls")} ({report.ClimbSource})");
            if (report.ClimbRate is { } rate) Lines.Write(output, "- ", $"expected: {Sum(costs, rate)}; always {report.Strong}: {Money(costs.StrongNanoUsd)}");
            else foreach (var example in s_examples) Lines.Write(output, "- ", $"at {example * 100:0} %: {Sum(costs, example)}");
            Lines.Write(output, "- ", costs.BreakEven is { } even ? $"break-even: it costs less than always {report.Strong} while fewer than {even * 100:0.0} % of the calls climb" : "break-even: none");
        }
        Lines.Write(output, "- ", report is { AddedMsP50: { } p50, AddedMsP95: { } p95 }
            ? $"added latency of a call that climbs: p50 {p50:N0} ms, p95 {p95:N0} ms, the wait for the first answer ({report.LatencySource})"
            : $"added latency of a call that climbs: the wait for the first answer ({report.LatencySource})");
        if (report.Recommend == "do_not_cascade") Lines.Write(output, "", Refusal(report));
        else if (report.Recommend == "cascade") Lines.Write(output, "", $"Cascade: it costs {report.ExpectedUsd / report.StrongUsd * 100:0.0} % of always {report.Strong}. What it loses in quality: rung calibrate --tag {report.Tag}");
    }

    private static string Refusal(EconomicsReport report)
    {
        var costs = report.Costs!.Value;
        return costs.BreakEven is null
            ? $"DO NOT CASCADE: what every call pays ({Money(costs.AlwaysNanoUsd)}) is no less than {report.Strong} alone ({Money(costs.StrongNanoUsd)}). Send the calls straight up."
            : $"DO NOT CASCADE: {Sum(costs, report.ClimbRate!.Value)} is no less than {report.Strong} alone ({Money(costs.StrongNanoUsd)}). Send the calls straight up, or climb less often.";
    }

    private static string Sum(CascadeEconomics costs, double rate) => $"{Money(costs.AlwaysNanoUsd)} + {rate * 100:0.0} % × {Money(costs.ClimbNanoUsd)} = {Money(costs.Expected(rate))}";

    private static string Money(double nanoUsd) => Output.Usd((long)Math.Round(nanoUsd * 1000));
}
