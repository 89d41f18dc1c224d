using System.Text.Json;
using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.TensorZero;

/// <summary>What an inference knows that its model inferences do not: the function, the variant, the episode, the caller's tags, the parameters.</summary>
internal sealed record TensorZeroInference
{
    private const string OwnPrefix = "tensorzero::";

    /// <summary>The function: the job. Null for the one that stands for none.</summary>
    public string? Function { get; init; }
    /// <summary>The variant of it that answered.</summary>
    public string? Variant { get; init; }
    /// <summary>The episode.</summary>
    public string? Episode { get; init; }
    /// <summary>Names among the caller's tags.</summary>
    public required JobNames Tags { get; init; }
    /// <summary>Temperature that was asked for.</summary>
    public double? Temperature { get; init; }
    /// <summary>Output cap that was asked for.</summary>
    public int? MaxTokens { get; init; }
    /// <summary>Whether the function answers in JSON by a schema.</summary>
    public bool IsJson { get; init; }

    /// <summary>Reads the columns of an inference, in its own row or in a joined one.</summary>
    /// <exception cref="LogRecordException">A field is of a wrong kind.</exception>
    public static TensorZeroInference Read(FieldReading fields)
    {
        var function = fields.Name("function_name");
        var tags = new JobNames();
        tags.Give(FunctionTag(function));
        tags.GiveStep(FunctionTag(function));
        tags.Read(fields.Map("tags"));
        var chat = new ChatReading();
        var parameters = fields.Map("inference_params");
        foreach (var kind in (ReadOnlySpan<string>)["chat_completion", "json_completion"])
        {
            if (parameters.Map(kind) is { IsMissing: false } inner) chat.AddParameters(inner.Element);
        }
        return new TensorZeroInference
        {
            Function = FunctionTag(function),
            Variant = fields.Name("variant_name"),
            Episode = fields.Name("episode_id"),
            Tags = tags,
            Temperature = chat.Temperature,
            MaxTokens = chat.MaxTokens,
            IsJson = fields.Json("output_schema") is { ValueKind: JsonValueKind.Object },
        };
    }

    /// <summary>The call with what the inference knows.</summary>
    public ImportedCall ApplyTo(ImportedCall call) => Tags.ApplyTo(call with
    {
        Session = Episode ?? call.Session,
        Run = Episode,
        Temperature = call.Temperature ?? Temperature,
        MaxTokens = call.MaxTokens ?? MaxTokens,
        Output = call.Output ?? (IsJson ? RequestedOutput.Schema : null),
    });

    // Functions of TensorZero's own carry its prefix; the default one is what calls without a function get.
    private static string? FunctionTag(string? function) => function is null or OwnPrefix + "default" ? null
        : function.StartsWith(OwnPrefix, StringComparison.Ordinal) ? function[OwnPrefix.Length..].Replace("::", "-", StringComparison.Ordinal) : function;
}
