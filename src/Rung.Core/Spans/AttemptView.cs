namespace Rung.Core.Spans;

/// <summary>An attempt within a <see cref="CallView"/>. What the members mean stands at <see cref="AttemptRecord"/>.</summary>
public sealed record AttemptView
{
    private AttemptView(AttemptRecord attempt)
    {
        (Ordinal, Kind, Model, Provider, Tier, Propensity) = (attempt.Ordinal, attempt.Kind, attempt.Model, attempt.Provider, attempt.Tier, attempt.Propensity);
        (Outcome, HttpStatus, Error, UpstreamModel, FinishReason) = (attempt.Outcome, attempt.HttpStatus, attempt.Error, attempt.UpstreamModel, attempt.FinishReason);
        (UsageSource, InputTokens, CachedTokens) = (attempt.Usage.Source, attempt.Usage.Input, attempt.Usage.CacheRead);
        (OutputTokens, ReasoningTokens) = (attempt.Usage.Output, attempt.Usage.Reasoning);
        CostUsd = attempt.CostNanoUsd is { } nano ? CallView.Usd(nano) : null;
        LatencyMs = attempt.LatencyMicros / 1000.0;
        FirstByteMs = attempt.FirstByteMicros / 1000.0;
        SavedTokens = attempt.SavedTokens;
        SavedMs = attempt.SavedMicros / 1000.0;
        Checks = attempt.Checks;
    }

    /// <summary>Order within the call, from 0.</summary>
    public int Ordinal { get; }
    /// <summary>Why it was made.</summary>
    public AttemptKind Kind { get; }
    /// <summary>Who was asked.</summary>
    public string Model { get; }
    /// <summary>Its provider.</summary>
    public string Provider { get; }
    /// <summary>Its rung.</summary>
    public string Tier { get; }
    /// <summary>Probability of that choice.</summary>
    public double Propensity { get; }
    /// <summary>How it ended.</summary>
    public AttemptOutcome Outcome { get; }
    /// <summary>The upstream's status; 0 for none.</summary>
    public int HttpStatus { get; }
    /// <summary>What went wrong in short.</summary>
    public string? Error { get; }
    /// <summary>The model's name as the upstream said it.</summary>
    public string? UpstreamModel { get; }
    /// <summary>The finish reason as the upstream said it.</summary>
    public string? FinishReason { get; }
    /// <summary>Where the counts come from.</summary>
    public UsageSource UsageSource { get; }
    /// <summary>Input tokens.</summary>
    public long InputTokens { get; }
    /// <summary>Of these, read from a cache.</summary>
    public long CachedTokens { get; }
    /// <summary>Output tokens.</summary>
    public long OutputTokens { get; }
    /// <summary>Of these, hidden reasoning.</summary>
    public long ReasoningTokens { get; }
    /// <summary>US dollars; null when the price is not known.</summary>
    public decimal? CostUsd { get; }
    /// <summary>From start to end, milliseconds.</summary>
    public double LatencyMs { get; }
    /// <summary>To the first byte, milliseconds.</summary>
    public double? FirstByteMs { get; }
    /// <summary>Output tokens that an abandoned stream did not cost, estimated.</summary>
    public long? SavedTokens { get; }
    /// <summary>Time that it did not take, estimated, milliseconds.</summary>
    public double? SavedMs { get; }
    /// <summary>Results of its checks.</summary>
    public IReadOnlyList<CheckVerdict> Checks { get; }

    internal static AttemptView Of(AttemptRecord attempt) => new(attempt);
}
