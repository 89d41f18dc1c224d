using System.Diagnostics.CodeAnalysis;

namespace Rung.Core.Checks.Schema.Compiling;

/// <summary>URIs of schemas, without fragments.</summary>
internal static class SchemaUri
{
    /// <summary>A reference (without fragment) against the place it stands in; false for what is no URI.</summary>
    public static bool TryResolve(Uri from, string reference, [NotNullWhen(true)] out Uri? uri)
    {
        uri = from;
        if (reference.Length == 0) return true;
        try
        {
            return (Uri.TryCreate(reference, UriKind.Absolute, out uri) && !uri.IsFile) || Uri.TryCreate(from, reference, out uri);
        }
        catch (UriFormatException) // Thrown for some hosts in spite of the name.
        {
            uri = null;
            return false;
        }
    }

    /// <summary>What the URI is found by.</summary>
    public static string Key(Uri uri)
    {
        var text = uri.IsAbsoluteUri ? uri.AbsoluteUri : uri.OriginalString;
        var hash = text.IndexOf('#');
        return hash < 0 ? text : text[..hash];
    }
}
