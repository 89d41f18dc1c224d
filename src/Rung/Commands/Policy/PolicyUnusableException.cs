namespace Rung.Commands.Policy;

/// <summary>A policy that a command line names cannot be used: what is wrong, and what to do.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="fix">What to do about it.</param>
/// <param name="details">Lines to print before; empty for none.</param>
internal sealed class PolicyUnusableException(string message, string fix, IReadOnlyList<string> details) : Exception(message)
{
    public PolicyUnusableException(string message, string fix)
        : this(message, fix, [])
    {
    }

    /// <summary>What to do about it.</summary>
    public string Fix { get; } = fix;

    /// <summary>Lines to print before the message: the faults of a policy.</summary>
    public IReadOnlyList<string> Details { get; } = details;
}
