namespace Rung.Core.Policies.Reading;

/// <summary>A place in the text of a policy.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
internal readonly record struct Place(int Line, int Column);
