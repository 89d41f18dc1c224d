namespace Rung.Core.Checks;

/// <summary>
/// Follows the text of one answer as it arrives, and says as early as it can that nothing which may still come could save it. One answer,
/// one thread. What is not doomed at the end has not passed: only <see cref="Check.Evaluate"/> on the whole answer says that.
/// </summary>
public abstract class AnswerWatch
{
    /// <summary>Takes the next piece of the text, UTF-8, cut anywhere (inside a character too).</summary>
    /// <returns>False once no continuation can pass; every later call returns false too.</returns>
    public abstract bool Append(ReadOnlySpan<byte> text);

    /// <summary>Bytes of text before the first one that made every continuation fail; null while there is hope.</summary>
    public abstract long? DoomedAt { get; }

    /// <summary>For a doomed answer, what is wrong with it, in one sentence; else null.</summary>
    public abstract string? Detail { get; }

    /// <summary>
    /// Whether the beginning is worth something: a first part that can be judged by itself (the first member or item of JSON, a scalar's end) is whole
    /// and valid. What <c>hold_until: first_valid_prefix</c> waits for.
    /// </summary>
    public abstract bool HasValidPrefix { get; }
}
