using System.Globalization;
using Rung.Commands.Policy;
using Rung.Control.Rollouts;
using Rung.Core.Rollouts;
using Spectre.Console;

namespace Rung.Commands.Rollout;

/// <summary>What a start would do, for people.</summary>
internal static class RolloutPlanText
{
    private const int MostChanges = 12;

    public static void Write(TextWriter output, RolloutProposal proposal)
    {
        var plan = proposal.Plan;
        var name = plan.Tags.IsEmpty ? "every call" : string.Join(", ", plan.Tags);
        Lines.Write(output, "", $"{proposal.Candidate.Name} beside revision {proposal.Current.Number}, for {name}: {Lines.Count(proposal.Scope.Changes.Length, "change")}");
        ChangeLines.Write(output, [.. proposal.Scope.Changes.Take(MostChanges)]);
        if (proposal.Scope.Changes.Length > MostChanges) output.WriteLine($"    and {proposal.Scope.Changes.Length - MostChanges} more");
        var traffic = proposal.Traffic;
        Lines.Write(output, "", traffic.Calls == 0
            ? "No call was seen in the last 14 days: nothing can be said about its time."
            : string.Create(CultureInfo.InvariantCulture, $"By {RolloutPlanJson.Word(plan.Unit)}, from {traffic.Calls:N0} calls ({traffic.CallsPerDay:N0} a day, {traffic.Sessions:N0} sessions)."));
        output.WriteLine();
        WriteGuards(output, plan);
        output.WriteLine();
        WriteStages(output, proposal);
        foreach (var note in proposal.Notes) Lines.Write(output, "  ! ", note);
    }

    private static void WriteGuards(TextWriter output, RolloutPlan plan)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Guards: rolled back when the candidate is shown to be worse (at most {plan.Alpha * 100:0.#} % of equal ones are),"));
        output.WriteLine("advanced when it is shown not to be worse by more than the margin");
        foreach (var guard in plan.Guards)
        {
            var margin = GuardDefaults.IsRelative(guard.Metric) ? $"{guard.Margin * 100:0.##} % of the current one" : GuardDefaults.HigherIsBetter(guard.Metric) ? $"{guard.Margin:0.###}" : $"{guard.Margin * 100:0.##} points";
            var cap = guard.CapNanoUsd is { } nano ? $"; dearer ones count as {Output.Usd(nano)}" : "";
            output.WriteLine($"  {GuardWords.Of(guard.Metric),-17}{margin}{cap}");
        }
    }

    private static void WriteStages(TextWriter output, RolloutProposal proposal)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var title in new[] { "share", "at least", "probably", "observations needed", "slowest guard" }) table.AddColumn(new TableColumn(title) { NoWrap = true, Padding = new Padding(0, 0, 3, 0) });
        if (proposal.Plan.Shadow is { } shadow) table.AddRow("copies", "-", "-", $"{shadow.Judgements:N0} judged, or {Output.Usd(shadow.MaxNanoUsd)}", "-");
        foreach (var stage in proposal.Forecast)
        {
            table.AddRow(
                RolloutWords.Percent(stage.Share), LengthOfTime.Words(stage.LeastTime), stage.Time is { } time ? LengthOfTime.Words(time) : "not known",
                stage.Needed is { } needed ? $"{needed:N0}" : "-", stage.Slowest is { } slowest ? GuardWords.Of(slowest) : "-");
        }
        var last = proposal.Plan.Holdback > 0 ? $"100 % but {RolloutWords.Percent(proposal.Plan.Holdback)}" : "100 %";
        table.AddRow(last, "-", "it is the policy", "-", "-");
        PlainTable.Write(output, table);
        if (proposal.Time is { } all)
        {
            Lines.Write(output, "", string.Create(
                CultureInfo.InvariantCulture,
                $"If it is as good as the current policy: about {LengthOfTime.Words(all)} to the whole traffic, {proposal.CallsExposed:N0} calls on the candidate before that. An estimate from past traffic, no promise."));
        }
    }
}
