namespace Rung.Core.Prices;

/// <summary>A price book or price list that cannot be used: where, and what is wrong. Whatever book was in use is unchanged.</summary>
/// <param name="path">Where in the document: <c>models[3].periods[0].input</c>.</param>
/// <param name="problem">What is wrong, as a sentence.</param>
public sealed class PriceBookException(string path, string problem) : Exception(path.Length == 0 ? problem : $"{path}: {problem}")
{
    /// <summary>Where in the document; empty for the document as a whole.</summary>
    public string Path { get; } = path;
}
