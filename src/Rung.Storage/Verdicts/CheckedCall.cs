namespace Rung.Storage.Verdicts;

/// <summary>A call whose answer was checked.</summary>
/// <param name="CallId">The call.</param>
/// <param name="Session">Its session; null when none.</param>
/// <param name="Tag">Its tag; null when none.</param>
/// <param name="Model">The model that answered; null when it is not known.</param>
/// <param name="Passed">Whether every check of the answer passed.</param>
/// <param name="Score">Mean score of the checks that score (verifiers), 0 to 1; null when none did.</param>
public readonly record struct CheckedCall(string CallId, string? Session, string? Tag, string? Model, bool Passed, double? Score);
