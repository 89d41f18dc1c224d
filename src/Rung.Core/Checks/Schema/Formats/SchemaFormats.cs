using System.Diagnostics.CodeAnalysis;

namespace Rung.Core.Checks.Schema.Formats;

/// <summary>Whether a text is of a format.</summary>
internal delegate bool SchemaFormat(ReadOnlySpan<char> text);

/// <summary>The formats that can be asserted.</summary>
internal static class SchemaFormats
{
    /// <summary>The rule of a format; false for a format that is not known, which is then an annotation.</summary>
    internal static bool TryFind(string format, [NotNullWhen(true)] out SchemaFormat? rule)
    {
        rule = null;
        return false;
    }
}
