using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using Rung.Core.Checks;
using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Compiling;

/// <summary>Says all of a check in one line, the hashes of its files included: two revisions of a check are the same exactly when their texts are.</summary>
internal sealed class CheckText(IncludedFiles files, VerifierBuilder verifiers)
{
    public string Of(CheckEntry entry) => entry switch
    {
        SchemaCheckEntry schema => $"schema {schema.Path} sha256:{Convert.ToHexStringLower(SHA256.HashData(files.All[schema.Path].Span))}{(schema.Formats ?? false ? " with formats" : "")}",
        RequiredCheckEntry required => $"required {Quoted(required.Fields)}",
        AllowedCheckEntry allowed => $"allowed{Of(allowed.Field)} {Quoted(allowed.Values)}{(allowed.Normalised ?? true ? "" : " exactly")}",
        RegexCheckEntry regex => $"regex{(regex.Match ?? true ? "" : " not")} \"{regex.Pattern}\" within {regex.LimitMs ?? CheckBuilder.DefaultRegexLimitMs} ms",
        LengthCheckEntry length => $"length {length.Min?.ToString(CultureInfo.InvariantCulture) ?? "0"}..{length.Max?.ToString(CultureInfo.InvariantCulture)}",
        BoundsCheckEntry bounds => $"bounds{Of(bounds.Field)} {Amounts.Plain(bounds.Min)}..{Amounts.Plain(bounds.Max)}",
        ToolCallsCheckEntry tools => $"tool_calls{(tools.Required ?? tools.Short == "required" ? " required" : "")}{(tools.Arguments == "schema" ? " by schema" : "")}",
        ArithmeticCheckEntry sums => $"arithmetic within {Amounts.Plain(sums.Tolerance ?? ArithmeticScan.DefaultTolerance)}{(sums.Required ?? false ? " required" : "")}",
        CitesCheckEntry cites => $"cites at least {cites.AtLeast ?? 1}{(cites.Quotes ?? cites.Ids is null ? ", quotes" : "")}{(cites.Ids is { } ids ? $", ids \"{ids}\"" : "")}",
        AgreesCheckEntry agrees => Agrees(agrees),
        CommandCheckEntry command => $"command {command.Name}",
        VerifierCheckEntry verifier => $"verifier {verifier.Use}{Trained(verifier.Use)} at least {Amounts.Plain(verifier.AtLeast)}{(verifier.Unavailable == "pass" ? ", unavailable passes" : "")}",
        ListCheckEntry list => $"{list.Key}({Joined(list.Members)})",
        NotCheckEntry not => $"not({Of(not.Member)})",
        ScoreCheckEntry score => $"score at least {Amounts.Plain(score.AtLeast)} of ({string.Join("; ", score.Of.Select(part => $"{Amounts.Plain(part.Weight ?? 1)} × {Of(part.Check)}"))})",
        _ => "json",
    };

    private string Trained(string name) => verifiers.Trained.TryGetValue(name, out var file) ? $" ({file.Path} sha256:{file.Sha256})" : "";

    private string Joined(ImmutableArray<CheckEntry> members) => string.Join("; ", members.Select(Of));

    private static string Agrees(AgreesCheckEntry agrees)
    {
        var samples = agrees.Samples ?? CheckBuilder.DefaultSamples;
        return $"agrees {agrees.AtLeast ?? (samples / 2) + 1} of {samples} by {agrees.By}{(agrees.Temperature is { } at ? $" at temperature {Amounts.Plain(at)}" : "")}";
    }

    private static string Of(string? field) => field is null ? "" : $" of \"{field}\"";

    private static string Quoted(ImmutableArray<string> values) => string.Join(", ", values.Select(value => $"\"{value}\""));
}
