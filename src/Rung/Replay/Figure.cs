namespace Rung.Replay;

/// <summary>A figure, and the interval that belongs to it at the confidence that was asked for.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">Lower end; null where there is too little to say how sure it is.</param>
/// <param name="High">Upper end; null as <paramref name="Low"/>.</param>
internal sealed record Figure(double Value, double? Low, double? High);
