namespace Rung.Control.Audit;

/// <summary>A rung that was named cannot be used. The message says why and what to do.</summary>
public sealed class LadderException(string message) : Exception(message);
