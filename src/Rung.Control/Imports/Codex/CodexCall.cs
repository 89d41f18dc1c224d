using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Codex;

/// <summary>A call that has been counted and not been handed over yet.</summary>
internal sealed class CodexCall
{
    // A pause longer than this is a person who went away, not a model that thinks.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromHours(1);

    public required CodexSession Session { get; init; }
    public required string Key { get; init; }
    public required string Model { get; init; }
    public required string? Effort { get; init; }
    public required string? System { get; init; }
    /// <summary>When its counts were written: at its end.</summary>
    public required DateTimeOffset At { get; init; }
    public required CodexTokens Used { get; init; }
    public required CodexStep Step { get; init; }
    /// <summary>The step before it in its turn; null when it is the first.</summary>
    public required CodexStep? Before { get; init; }
    public required CodexTurn Turn { get; init; }
    public required int Position { get; init; }
    /// <summary>Whether only a guess says that it is the session's own.</summary>
    public required bool MayBeHistory { get; init; }
    /// <summary>Whether its turn ended with it; null while nobody knows.</summary>
    public bool? EndsRun { get; set; }

    /// <summary>The call.</summary>
    public ImportedCall ToCall()
    {
        var asked = Step.AskedAt is { } time && time <= At && At - time <= LongestAnswer ? time : (DateTimeOffset?)null;
        return new ImportedCall
        {
            Source = CodexFormat.FormatName,
            Key = Key,
            StartedAt = asked ?? At,
            LatencyMicros = TimeReading.Micros(asked, At),
            Provider = ProviderNames.Of(Session.Provider ?? "openai", Model),
            Model = Model,
            Usage = Used.ToUsage(),
            Status = ImportedStatus.Answered,
            Role = Session.Role,
            Agent = Session.Agent,
            Step = Session.Role,
            Session = Session.Conversation,
            Team = TagName.Cut(LastPart(Session.Folder)),
            Run = Turn.Id ?? $"{Session.Id}#{Turn.Ordinal}",
            RunPosition = Position,
            EndsRun = EndsRun,
            Effort = Effort,
            ToolCalls = [.. Step.Tools],
            FollowedBy = Step.Tools.Count > 0 ? Step.Tools[0] : null,
            Content = new CallContent { System = System, Messages = [.. Messages()], Answer = Step.Answer },
        };
    }

    // The prompt, what the model said last, and what came since: the log has the whole, but to build it for every call would be quadratic.
    private IEnumerable<(string Role, string Text)> Messages()
    {
        if (Before is null) return Step.Inputs;
        var prompt = Turn.Prompt?.Inputs.Where(input => input.Role == "user").TakeLast(1) ?? [];
        return [.. prompt, ("assistant", Before.Answer), .. Step.Inputs];
    }

    private static string? LastPart(string? folder) => folder?.TrimEnd('/', '\\') is { Length: > 0 } path ? path[(path.LastIndexOfAny(['/', '\\']) + 1)..] : null;
}
