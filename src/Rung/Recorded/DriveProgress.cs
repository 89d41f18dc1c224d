namespace Rung.Recorded;

/// <summary>How far a drive has come.</summary>
/// <param name="Done">Calls that have ended.</param>
/// <param name="Total">Calls to make.</param>
/// <param name="Errors">Calls that ended in an error.</param>
/// <param name="Correct">Sum of the grades so far.</param>
internal readonly record struct DriveProgress(int Done, int Total, int Errors, double Correct);
