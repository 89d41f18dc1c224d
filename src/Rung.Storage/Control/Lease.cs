namespace Rung.Storage.Control;

/// <summary>The right of one process to act.</summary>
/// <param name="Name">What for.</param>
/// <param name="Holder">Who holds it.</param>
/// <param name="Until">Until when, UTC; it may be over.</param>
public sealed record Lease(string Name, string Holder, DateTimeOffset Until);
