namespace Rung.Control.Audit;

/// <summary>The file that names call sites cannot be used. The message names file, line and path in the document, what is wrong and how to correct it.</summary>
/// <param name="path">The file.</param>
/// <param name="line">Line, from 1.</param>
/// <param name="place">Path in the document, as <c>sites[2].tag</c>; empty for the whole.</param>
/// <param name="problem">What is wrong, one sentence.</param>
/// <param name="fix">How to correct it, one sentence.</param>
public sealed class SiteNamesException(string path, long line, string place, string problem, string fix)
    : Exception($"{path}:{line}{(place.Length > 0 ? $" {place}" : "")}: {problem} {fix}")
{
    /// <summary>Line, from 1.</summary>
    public long Line => line;
    /// <summary>Path in the document; empty for the whole.</summary>
    public string Place => place;
}
