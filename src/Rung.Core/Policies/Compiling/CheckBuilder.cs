using System.Collections.Immutable;
using Rung.Core.Checks;
using Rung.Core.Checks.Schema;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Compiling;

/// <summary>A check, and the text that says all of it.</summary>
internal sealed record BuiltCheck(Check Check, string Text);

/// <summary>Builds the checks of every route once.</summary>
internal sealed class CheckBuilder(PolicyDocument document, IncludedFiles files, VerifierBuilder verifiers, FaultList faults)
{
    /// <summary>Most checks of one route, those inside others counted.</summary>
    public const int MostLeaves = 64;
    public const int DefaultRegexLimitMs = 100;
    public const int DefaultSamples = 3;

    private const int MostSchemaBytes = 1024 * 1024;

    private readonly CheckText text = new(files, verifiers);

    /// <summary>Builds the checks of one route; those with faults are left out.</summary>
    /// <param name="entries">The checks as written.</param>
    /// <param name="path">Path of their list.</param>
    public ImmutableArray<BuiltCheck> Build(ImmutableArray<CheckEntry> entries, string path)
    {
        var leaves = entries.Sum(CheckTree.Leaves);
        if (leaves > MostLeaves)
        {
            faults.Add(document.PlaceOf(path), path, $"The route has {leaves} checks, those inside others counted; at most {MostLeaves} are allowed.", "Remove what another check implies, or put several fields into one schema.");
            return [];
        }
        var built = ImmutableArray.CreateBuilder<BuiltCheck>(entries.Length);
        for (var i = 0; i < entries.Length; i++)
        {
            if (Build(entries[i], PolicyPath.Item(path, i)) is { } check) built.Add(new BuiltCheck(check, text.Of(entries[i])));
        }
        return built.ToImmutable();
    }

    private Check? Build(CheckEntry entry, string path)
    {
        if (entry is not (ListCheckEntry or NotCheckEntry or ScoreCheckEntry) && faults.HasAt(path)) return null; // Misread already; what the factory would say of it would only confuse.
        string? fault = null;
        var check = entry switch
        {
            JsonCheckEntry => CheckFactory.Json(),
            SchemaCheckEntry schema => Schema(schema, path),
            RequiredCheckEntry required => CheckFactory.Required(required.Fields, out fault),
            AllowedCheckEntry allowed => CheckFactory.Allowed(allowed.Values, allowed.Field, allowed.Normalised ?? true, out fault),
            RegexCheckEntry regex => CheckFactory.Regex(regex.Pattern, regex.Match ?? true, TimeSpan.FromMilliseconds(regex.LimitMs ?? DefaultRegexLimitMs), out fault),
            LengthCheckEntry length => CheckFactory.Length(length.Min, length.Max, out fault),
            BoundsCheckEntry bounds => CheckFactory.Bounds(bounds.Field, bounds.Min, bounds.Max, out fault),
            ToolCallsCheckEntry tools => CheckFactory.ToolCalls(tools.Required ?? tools.Short == "required", tools.Arguments == "schema"),
            ArithmeticCheckEntry sums => CheckFactory.Arithmetic(sums.Tolerance ?? ArithmeticScan.DefaultTolerance, sums.Required ?? false, out fault),
            CitesCheckEntry cites => CheckFactory.Cites(cites.Quotes ?? cites.Ids is null, cites.Ids, cites.AtLeast ?? 1, out fault),
            AgreesCheckEntry agrees => Agrees(agrees, out fault),
            CommandCheckEntry command => Command(command, path),
            VerifierCheckEntry verifier => Verifier(verifier, path, out fault),
            ListCheckEntry list => List(list, PolicyPath.Of(path, list.Key), out fault),
            NotCheckEntry not => Build(not.Member, PolicyPath.Of(path, "not")) is { } member ? CheckFactory.Not(member, out fault) : null,
            ScoreCheckEntry score => Score(score, PolicyPath.Of(PolicyPath.Of(path, "score"), "of"), out fault),
            _ => null,
        };
        if (fault is not null && !faults.HasAt(path)) faults.Add(document.PlaceOf(path), path, fault, "Correct the check, or remove it.");
        return check;
    }

    /// <summary>The schema that grades answers, as a check; null with a fault in the list when it cannot be used.</summary>
    public Check? EvalSchema(string file, string path) => Schema(new SchemaCheckEntry(file, null), path);

    private Check? Schema(SchemaCheckEntry entry, string path)
    {
        var schemaPath = PolicyPath.Of(path, "schema");
        if (document.Places.ContainsKey(PolicyPath.Of(schemaPath, "file"))) schemaPath = PolicyPath.Of(schemaPath, "file");
        if (files.Load(entry.Path, schemaPath, "A schema", "schemas/intent.json", MostSchemaBytes) is not { } bytes) return null;
        var check = CheckFactory.Schema(entry.Path, bytes, new SchemaOptions { AssertFormats = entry.Formats ?? false }, out var fault);
        if (check is null) faults.Add(document.PlaceOf(schemaPath), schemaPath, $"The schema \"{Quotation.Of(entry.Path)}\" cannot be used: {fault}", "Correct the schema file.");
        return check;
    }

    private static Check? Agrees(AgreesCheckEntry entry, out string? fault)
    {
        var samples = entry.Samples ?? DefaultSamples;
        var by = entry.By switch { "number" => AgreeBy.Number, "json" => AgreeBy.Json, "tool_calls" => AgreeBy.ToolCalls, _ => AgreeBy.Text };
        return CheckFactory.Agrees(samples, entry.AtLeast ?? (samples / 2) + 1, by, (double?)entry.Temperature, out fault);
    }

    private Check? Command(CommandCheckEntry entry, string path)
    {
        var names = document.Commands.Select(command => command.Name).ToArray();
        if (names.Contains(entry.Name)) return CheckFactory.Command(entry.Name);
        Unknown(entry.Name, names, "command", PolicyPath.Of(path, "command"));
        return null;
    }

    private Check? Verifier(VerifierCheckEntry entry, string path, out string? fault)
    {
        fault = null;
        var names = document.Verifiers.Select(verifier => verifier.Name).ToArray();
        if (verifiers.All.TryGetValue(entry.Use, out var verifier))
            return CheckFactory.Verifier(verifier, (double)entry.AtLeast, passUnavailable: entry.Unavailable == "pass", out fault);
        if (!names.Contains(entry.Use)) Unknown(entry.Use, names, "verifier", PolicyPath.Of(PolicyPath.Of(path, "verifier"), "use"));
        return null; // One that is known but was not built has its own fault.
    }

    private void Unknown(string name, string[] known, string kind, string path) =>
        faults.Add(document.PlaceOf(path), path, $"There is no {kind} \"{Quotation.Of(name)}\".", Suggestion.Fix(name, known, kind + "s"));

    private Check? List(ListCheckEntry entry, string path, out string? fault)
    {
        fault = null;
        var members = ImmutableArray.CreateBuilder<Check>(entry.Members.Length);
        for (var i = 0; i < entry.Members.Length; i++)
        {
            if (Build(entry.Members[i], PolicyPath.Item(path, i)) is { } member) members.Add(member);
        }
        if (members.Count < entry.Members.Length || members.Count == 0) return null;
        return entry.Key == "all" ? CheckFactory.All(members.ToImmutable(), out fault) : CheckFactory.Any(members.ToImmutable(), out fault);
    }

    private Check? Score(ScoreCheckEntry entry, string path, out string? fault)
    {
        fault = null;
        var members = ImmutableArray.CreateBuilder<WeightedCheck>(entry.Of.Length);
        for (var i = 0; i < entry.Of.Length; i++)
        {
            if (Build(entry.Of[i].Check, PolicyPath.Of(PolicyPath.Item(path, i), "check")) is { } member) members.Add(new((double)(entry.Of[i].Weight ?? 1), member));
        }
        return members.Count < entry.Of.Length || members.Count == 0 ? null : CheckFactory.Score((double)entry.AtLeast, members.ToImmutable(), out fault);
    }
}
