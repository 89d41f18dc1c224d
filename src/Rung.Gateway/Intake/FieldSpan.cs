namespace Rung.Gateway.Intake;

/// <summary>Where one top-level field stands in a request body: from its key's opening quote to the end of its value.</summary>
/// <param name="KeyStart">Offset of the key's opening quote.</param>
/// <param name="ValueStart">Offset of the value's first byte.</param>
/// <param name="ValueEnd">Offset behind the value's last byte; 0 when the field is absent.</param>
internal readonly record struct FieldSpan(int KeyStart, int ValueStart, int ValueEnd)
{
    public bool IsPresent => ValueEnd > 0;

    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> body) => body[ValueStart..ValueEnd];
}
