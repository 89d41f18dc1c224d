using System.CommandLine;
using System.Text.Json;
using Rung.Commands.Policy;
using Rung.Control.Evals.Standing;
using Rung.Storage.Content;
using Spectre.Console;

namespace Rung.Commands.Eval;

/// <summary><c>rung eval show</c>: one set, its strata, and some of its rows.</summary>
internal static class EvalShowCommand
{
    public static Command Create(TimeProvider clock)
    {
        var name = new Argument<string>("set") { Description = $"The set: {EvalStore.Forms}.", HelpName = "SET" };
        var rows = new Option<int>("--rows") { Description = "Also show so many rows, with their text. 0: none.", HelpName = "N" };
        var part = new Option<string?>("--part") { Description = "Of these, only rows of one part: tune or test.", HelpName = "PART" };
        part.AcceptOnlyFromAmong("tune", "test");
        var data = EvalStore.DataOption();
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("show", "Show an eval set: where its rows come from, what they stand for, and who gave the references.") { name, rows, part, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return EvalGuard.RunAsync(error, async () =>
            {
                if (parsed.GetValue(rows) < 0) return Output.Fail(error, "--rows must be at least 0.");
                await using var store = EvalGuard.Open(parsed.GetRequiredValue(data), clock);
                var set = await EvalStore.FindAsync(store, parsed.GetRequiredValue(name), cancellationToken);
                var all = await store.ReadEvalRowsAsync(set.Name, set.Version, cancellationToken);
                EvalPart? wanted = parsed.GetValue(part) switch { "tune" => EvalPart.Tune, "test" => EvalPart.Test, _ => null };
                EvalRow[] shown = [.. all.Where(row => wanted is null || row.Part == wanted).Take(parsed.GetValue(rows))];
                var summary = EvalSetSummary.Of(set, all);
                if (parsed.GetValue(json)) Output.WriteJson(output, Json(summary, all, shown));
                else Write(output, summary, shown);
                return ExitCode.Ok;
            });
        });
        return command;
    }

    private static void Write(TextWriter output, EvalSetSummary of, EvalRow[] shown)
    {
        var set = of.Set;
        output.WriteLine($"{EvalStore.NameOf(set)}, {Lines.Count(set.Rows, "row")}{(set.Tag is { } tag ? $", about {Lines.Clean(tag)}" : "")}");
        output.WriteLine($"hash {set.Hash}");
        Lines.Write(output, "made ", $"{Lines.Time(set.MadeAt)} by: {set.MadeBy}");
        foreach (var warning in EvalSetSummary.Warnings(set)) Lines.Write(output, "", warning);
        output.WriteLine();
        Lines.Write(output, "", $"Parts: {of.Tune:#,0} to tune, {of.Test:#,0} held out to decide. They stand for {of.StandsFor:#,0.#} {of.Unit}; {Lines.Count(of.Groups, "group")} of rows that belong together.");
        Lines.Write(output, "", $"References: {string.Join(", ", of.References.Select(share => $"{share.Rows:#,0} {Lines.Clean(share.Words)}"))}.");
        if (of.DataClasses.Count > 0) Lines.Write(output, "", $"Data classes: {string.Join(", ", of.DataClasses.Select(entry => $"{entry.Name} {entry.Rows:#,0}"))}.");
        output.WriteLine();
        EvalStrata.Write(output, [.. of.Strata.Select(stratum => (stratum.Name, stratum.StandsFor, stratum.Rows))], of.Unit);
        foreach (var row in shown) WriteRow(output, row);
    }

    private static void WriteRow(TextWriter output, EvalRow row)
    {
        const int Width = 88;
        output.WriteLine();
        output.WriteLine($"{row.Id}  {Word(row.Part)}  weight {row.Weight:0.###}  {Lines.Clean(row.Origin)}{(row.Group is { } group ? $"  group {Lines.Clean(group)}" : "")}");
        output.WriteLine($"  asked      {EvalStore.OneLine(LastOfUser(row.Request), Width)}");
        output.WriteLine(row.Reference.IsEmpty ? "  reference  none" : $"  reference  {EvalStore.OneLine(TextOf(row.Reference), Width)} ({Lines.Clean(new ReferenceShare(row.ReferenceSource, row.ReferenceBy, 1).Words)})");
    }

    private static object Json(EvalSetSummary of, IReadOnlyList<EvalRow> rows, EvalRow[] shown) => new
    {
        Set = EvalStore.Json(of.Set), of.Present, of.Tune, of.Test, of.StandsFor, of.Groups,
        References = rows.GroupBy(row => row.ReferenceSource).OrderBy(group => group.Key).Select(group => new { Source = group.Key, Rows = group.Count(), By = group.Select(row => row.ReferenceBy).OfType<string>().Distinct().Order(StringComparer.Ordinal) }),
        Strata = of.Strata.Select(stratum => new { stratum.Name, stratum.StandsFor, stratum.Rows }),
        Rows = shown.Select(row => new
        {
            row.Id, row.Position, row.Part, Request = EvalStore.Element(row.Request), Reference = EvalStore.Element(row.Reference), row.ReferenceSource, row.ReferenceBy,
            ReferenceCostUsd = row.ReferenceCostNanoUsd is { } cost ? Output.UsdNumber(cost) : (decimal?)null, row.Origin, row.CallId, row.DataClass, row.Stratum, row.Weight, row.Group,
        }),
    };

    private static string LastOfUser(ReadOnlyMemory<byte> request)
    {
        using var parsed = JsonDocument.Parse(request);
        if (!parsed.RootElement.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array) return "";
        var last = messages.EnumerateArray().LastOrDefault(message => message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role", out var role) && role.ValueEquals("user"));
        return last.ValueKind == JsonValueKind.Object ? Content(last) : "";
    }

    private static string TextOf(ReadOnlyMemory<byte> message)
    {
        using var parsed = JsonDocument.Parse(message);
        var text = Content(parsed.RootElement);
        return text.Length > 0 || !parsed.RootElement.TryGetProperty("tool_calls", out var calls) ? text : calls.GetRawText();
    }

    private static string Content(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content)) return "";
        return content.ValueKind switch { JsonValueKind.String => content.GetString()!, JsonValueKind.Array => string.Join(' ', content.EnumerateArray().Select(Part)), _ => "" };
    }

    private static string Part(JsonElement part) =>
        part.ValueKind != JsonValueKind.Object ? "" : part.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()! : part.TryGetProperty("type", out var type) ? $"[{type}]" : "";

    private static string Word(EvalPart part) => part == EvalPart.Test ? "test" : "tune";
}

/// <summary>The table of strata.</summary>
internal static class EvalStrata
{
    public static void Write(TextWriter output, IReadOnlyList<(string Name, double Mass, int Rows)> strata, string unit)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("stratum"));
        foreach (var title in (string[])["stands for", "rows", "each for"]) table.AddColumn(new TableColumn(title) { NoWrap = true, Alignment = Justify.Right });
        foreach (var (name, mass, rows) in strata)
            table.AddRow(new[] { Lines.Clean(name), $"{mass:#,0.#} {unit}", $"{rows:#,0}", rows == 0 ? "-" : $"{mass / rows:#,0.00}" }.Select(cell => new Text(cell)));
        PlainTable.Write(output, table);
    }
}
