namespace Rung.Core.Redaction;

/// <summary>A piece of text that may not be kept.</summary>
/// <param name="Start">First unit of it.</param>
/// <param name="End">First unit behind it.</param>
/// <param name="Kind">What it is: the name of a built-in kind or of a policy's pattern.</param>
internal readonly record struct Blot(int Start, int End, string Kind);
