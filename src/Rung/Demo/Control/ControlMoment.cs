using System.Globalization;

namespace Rung.Demo.Control;

/// <summary>Something that happened in the story.</summary>
/// <param name="At">When, in the story's own time since its beginning.</param>
/// <param name="Who">Who did it: <c>story</c>, <c>rung</c>, <c>alert</c>, <c>people</c>.</param>
/// <param name="Words">What happened, in one sentence.</param>
/// <param name="Calls">Calls answered so far.</param>
internal sealed record ControlMoment(TimeSpan At, string Who, string Words, int Calls);

/// <summary>How the story went.</summary>
internal sealed record ControlStory
{
    /// <summary>What happened, in order.</summary>
    public required IReadOnlyList<ControlMoment> Moments { get; init; }
    /// <summary>Calls answered in all.</summary>
    public required int Calls { get; init; }
    /// <summary>Calls from the moment the model became worse until its tag was demoted; null when it was not.</summary>
    public required int? CallsToDemotion { get; init; }
    /// <summary>Share of wrong queues, act by act.</summary>
    public required IReadOnlyList<ControlAct> Acts { get; init; }
    /// <summary>The act that did not end as it should, and why; null when all did.</summary>
    public required string? Unfinished { get; init; }
    /// <summary>Where the ledger and the policy are; null when they were not kept.</summary>
    public required string? Kept { get; init; }
    /// <summary>The policy file, when it was kept.</summary>
    public string? Policy { get; init; }
    /// <summary>When it began, in its own time.</summary>
    public required DateTimeOffset Began { get; init; }
    /// <summary>How long it took on the machine's clock.</summary>
    public required TimeSpan Wall { get; init; }
    /// <summary>How long it took in its own time.</summary>
    public required TimeSpan Told { get; init; }

    /// <summary>Path of the dashboard's first page that shows the whole of it, however long ago it was: the story's time goes on.</summary>
    public string Page => string.Create(CultureInfo.InvariantCulture, $"/?from={Began:yyyy-MM-ddTHH:mm}Z&to={(Began + Told).AddMinutes(1):yyyy-MM-ddTHH:mm}Z&compare=none");
}

/// <summary>One act.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Calls">Calls answered in it.</param>
/// <param name="Wrong">Those of them that came to the wrong queue.</param>
/// <param name="CostNanoUsd">What they cost, nano-USD.</param>
internal sealed record ControlAct(string Name, int Calls, int Wrong, long CostNanoUsd);
