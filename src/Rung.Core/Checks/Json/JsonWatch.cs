namespace Rung.Core.Checks.Json;

/// <summary>Follows one answer that must be JSON.</summary>
internal sealed class JsonWatch : AnswerWatch
{
    private readonly Reader reader = new();

    public override bool Append(ReadOnlySpan<byte> text) => reader.Append(text);

    public override long? DoomedAt => reader.DoomedAt;

    public override string? Detail => reader.DoomedAt is null ? null : $"The answer {reader.Fault}.";

    public override bool HasValidPrefix => reader.HasFirstPart;

    /// <summary>A scanner that wants nothing but JSON.</summary>
    private sealed class Reader : JsonScanner
    {
        protected override void BeginValue(JsonKind kind) { }

        protected override void EndScalar(JsonKind kind, ReadOnlySpan<byte> raw, bool hasEscapes, long start) { }

        protected override void EndContainer(JsonKind kind) { }

        protected override void Name(ReadOnlySpan<byte> raw, bool hasEscapes, long start) { }

        protected override void Partial(ReadOnlySpan<byte> raw, bool isName, long start) { }
    }
}
