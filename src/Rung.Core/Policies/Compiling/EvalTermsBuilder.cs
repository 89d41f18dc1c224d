using Rung.Core.Checks;
using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Compiling;

/// <summary>Fills the defaults into the terms of an eval.</summary>
internal static class EvalTermsBuilder
{
    public static EvalTerms Build(EvalEntry? entry, IReadOnlyDictionary<string, Check> schemas)
    {
        var defaults = EvalTerms.Default;
        return entry is null ? defaults : new EvalTerms
        {
            Score = entry.Score is { } word ? (ScoreKind)EvalTerms.ScoreWords.IndexOf(word) : null,
            Tolerance = (double?)entry.Tolerance ?? defaults.Tolerance,
            Pattern = entry.Pattern,
            Schema = entry.Schema,
            SchemaCheck = entry.Schema is { } file ? schemas[file] : null,
            Command = entry.Command,
            Rubric = entry.Rubric,
            Judge = entry.Judge,
            JudgeKappa = (double?)entry.JudgeKappa ?? defaults.JudgeKappa,
            Margin = (double?)entry.Margin ?? defaults.Margin,
            Confidence = (double?)entry.Confidence ?? defaults.Confidence,
            MaxAgeDays = entry.MaxAgeDays ?? defaults.MaxAgeDays,
        };
    }
}
