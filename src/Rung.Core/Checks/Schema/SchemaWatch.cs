using Rung.Core.Checks.Schema.Running;

namespace Rung.Core.Checks.Schema;

/// <summary>Follows one answer that must follow a schema.</summary>
internal sealed class SchemaWatch(CompiledSchema schema) : AnswerWatch
{
    private readonly SchemaRun run = SchemaRun.For(schema, collects: false, SchemaError.LongestPlace);

    public override bool Append(ReadOnlySpan<byte> text) => run.Append(text);

    public override long? DoomedAt => run.DoomedAt;

    public override string? Detail => run.DoomedAt is null ? null : run.Errors is [var error, ..] ? error.ToString() : $"The answer {run.Fault ?? "does not follow the schema"}.";

    public override bool HasValidPrefix => run.HasFirstPart;
}
