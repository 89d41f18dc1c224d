namespace Rung.Core.Checks.Schema.Formats;

/// <summary>Pointers: <c>json-pointer</c> by RFC 6901, section 3; <c>relative-json-pointer</c> by draft-bhutton-relative-json-pointer-00, section 3.</summary>
internal static class PointerSyntax
{
    internal static bool IsPointer(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty && text[0] != '/') return false;
        for (var tilde = text.IndexOf('~'); tilde >= 0; tilde = text.IndexOf('~'))
        {
            if (tilde + 1 >= text.Length || text[tilde + 1] is not ('0' or '1')) return false;
            text = text[(tilde + 2)..];
        }
        return true;
    }

    /// <summary>Levels up, then perhaps a step to a neighbour (<c>+1</c>), then <c>#</c> or a pointer down.</summary>
    internal static bool IsRelativePointer(ReadOnlySpan<char> text)
    {
        if (!TrySkipInteger(ref text, mayBeZero: true)) return false;
        if (!text.IsEmpty && text[0] is '+' or '-')
        {
            text = text[1..];
            if (!TrySkipInteger(ref text, mayBeZero: false)) return false;
        }
        return text is "#" || IsPointer(text);
    }

    private static bool TrySkipInteger(ref ReadOnlySpan<char> text, bool mayBeZero)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        var digits = end < 0 ? text : text[..end];
        if (digits.IsEmpty || (digits[0] == '0' && (digits.Length > 1 || !mayBeZero))) return false;
        text = text[digits.Length..];
        return true;
    }
}
