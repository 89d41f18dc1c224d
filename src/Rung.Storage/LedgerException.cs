namespace Rung.Storage;

/// <summary>The ledger cannot be used: where it is, what is wrong, and what to do about it.</summary>
public sealed class LedgerException : Exception
{
    /// <summary>Says what is wrong.</summary>
    /// <param name="path">The directory or file concerned.</param>
    /// <param name="problem">What is wrong, one sentence without the path.</param>
    /// <param name="fix">What to do about it, one sentence.</param>
    /// <param name="inner">What was thrown below; null when nothing was.</param>
    public LedgerException(string path, string problem, string fix, Exception? inner = null)
        : base($"{path}: {problem} {fix}", inner)
    {
        Path = path;
        Problem = problem;
        Fix = fix;
    }

    /// <summary>The directory or file concerned.</summary>
    public string Path { get; }
    /// <summary>What is wrong, one sentence without the path.</summary>
    public string Problem { get; }
    /// <summary>What to do about it, one sentence.</summary>
    public string Fix { get; }
}
