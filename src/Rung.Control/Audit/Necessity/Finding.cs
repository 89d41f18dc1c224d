namespace Rung.Control.Audit;

/// <summary>One piece of evidence on what a job needs.</summary>
/// <param name="For">The class that it speaks for; <see cref="NecessityClass.Unknown"/> when it speaks for none.</param>
/// <param name="Points">How strongly, 0 to 4.</param>
/// <param name="Sentence">What was seen, with its figure and its sample.</param>
internal sealed record Finding(NecessityClass For, int Points, string Sentence);

/// <summary>Evidence that the model a job has now may already be too weak.</summary>
/// <param name="IsStrong">Whether it alone keeps the site where it is; of the others it takes two.</param>
/// <param name="Sentence">What was seen, with its figure and its sample.</param>
internal sealed record Doubt(bool IsStrong, string Sentence);
