namespace Rung.Control.Alerts.Delivery;

/// <summary>What became of a message, for the log.</summary>
/// <param name="Target">Name of the target.</param>
/// <param name="Message">The message.</param>
/// <param name="Outcome">How its last try ended.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="IsFinal">Whether there is no further try.</param>
public sealed record DeliveryReport(string Target, AlertMessage Message, DeliveryOutcome Outcome, int Tries, bool IsFinal);
