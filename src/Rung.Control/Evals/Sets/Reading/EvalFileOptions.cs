namespace Rung.Control.Evals.Sets.Reading;

/// <summary>Which files a set is made of, and how they are read.</summary>
public sealed record EvalFileOptions
{
    /// <summary>Files, folders and patterns; <c>-</c> is standard input.</summary>
    public required IReadOnlyList<string> Paths { get; init; }
    /// <summary>Rows that say another tag are left out; null: all rows are taken.</summary>
    public string? Tag { get; init; }
    /// <summary>Of recorded outcomes, only rows whose source begins so; null: all.</summary>
    public string? SourcePrefix { get; init; }
    /// <summary>Decides which rows stay where there are more than <see cref="EvalPopulation.MostRows"/>.</summary>
    public long Seed { get; init; } = 1;
    /// <summary>Standard input; null: there is none.</summary>
    public Stream? StandardInput { get; init; }
    /// <summary>Turns the tools of a recorded row, as recorded, into the <c>tools</c> of a request (JSON); null when they cannot be. None: such tools are left out.</summary>
    public Func<string, string?>? RecordedTools { get; init; }
}
