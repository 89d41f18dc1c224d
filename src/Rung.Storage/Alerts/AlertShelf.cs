using Rung.Core.Alerts;

namespace Rung.Storage.Alerts;

/// <summary>What a step of the control loop needs to know of alerts, of one instant.</summary>
/// <param name="LastEvent">Number of the last event; 0: there is none. Another than one's own means that another process has kept the book.</param>
/// <param name="Open">The alerts that are pending or firing, in order of their keys.</param>
/// <param name="Silences">The silences that have not ended.</param>
public sealed record AlertShelf(long LastEvent, IReadOnlyList<Alert> Open, IReadOnlyList<AlertSilence> Silences);
