namespace Rung.Core.Learning;

/// <summary>How a verifier is trained and judged.</summary>
public sealed record TrainingOptions
{
    /// <summary>Fewest rows that are learned from: below, every figure would be chance.</summary>
    public const int LeastRows = 60;

    /// <summary>Name of the weak model.</summary>
    public required string Weak { get; init; }
    /// <summary>Name of the strong model.</summary>
    public required string Strong { get; init; }
    /// <summary>Folds of the cross-validation, 2 to 20.</summary>
    public int Folds
    {
        get;
        init => field = value is >= 2 and <= 20 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "There are 2 to 20 folds.");
    } = 5;
    /// <summary>Decides the folds, the rows and features that trees see, and the bootstrap.</summary>
    public ulong Seed { get; init; } = 1;
    /// <summary>
    /// Calls a body for 0 to n − 1, in any order, at once if it likes, and returns when all are done: the core knows no threads. The result does not depend on it.
    /// </summary>
    public Action<int, Action<int>> ForEach { get; init; } = static (count, body) =>
    {
        for (var i = 0; i < count; i++) body(i);
    };
    /// <summary>Hears after every fit; called by whatever runs the bodies of <see cref="ForEach"/>.</summary>
    public Action<TrainingProgress> Progress { get; init; } = static _ => { };
}

/// <summary>How far a training is.</summary>
/// <param name="Done">Steps done.</param>
/// <param name="Total">Steps in all.</param>
public readonly record struct TrainingProgress(int Done, int Total);

/// <summary>The rows cannot be learned from. The message says why.</summary>
/// <param name="message">Why.</param>
/// <param name="fix">What would help; null when nothing is known.</param>
public sealed class TrainingException(string message, string? fix) : Exception(message)
{
    /// <summary>What would help; null when nothing is known.</summary>
    public string? Fix { get; } = fix;
}
