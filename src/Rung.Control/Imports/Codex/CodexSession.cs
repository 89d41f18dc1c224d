using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Codex;

/// <summary>What the head of a rollout says of its session.</summary>
internal sealed record CodexSession
{
    /// <summary>The session's own id.</summary>
    public required string Id { get; init; }
    /// <summary>The conversation that it belongs to, sub-agents included.</summary>
    public required string Conversation { get; init; }
    /// <summary>The session whose history it may repeat; null when it began of its own.</summary>
    public string? Parent { get; init; }
    /// <summary>Whether its file may begin with the history of another session.</summary>
    public bool MayRepeat { get; init; }
    /// <summary>When it was created, UTC; null when not told.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
    /// <summary>Who serves its models, in Codex' word.</summary>
    public string? Provider { get; init; }
    /// <summary>The folder that is worked in.</summary>
    public string? Folder { get; init; }
    /// <summary>Agent and role.</summary>
    public string Agent { get; init; } = CodexFormat.FormatName;
    /// <summary>The role; <c>main</c> when nothing is told.</summary>
    public string Role { get; init; } = "main";

    /// <summary>A session of which nothing is known but its file.</summary>
    /// <param name="path">Its path; a rollout's name ends with the session's id.</param>
    public static CodexSession OfFile(string path)
    {
        var name = Path.GetFileName(path);
        var end = name.IndexOf(".jsonl", StringComparison.OrdinalIgnoreCase);
        if (end >= 0) name = name[..end];
        const int UuidLength = 36;
        if (name.Length >= UuidLength && Guid.TryParseExact(name.AsSpan(name.Length - UuidLength), "D", out _)) name = name[^UuidLength..];
        return new CodexSession { Id = name, Conversation = name };
    }

    /// <summary>Reads the payload of a <c>session_meta</c>.</summary>
    /// <param name="payload">It.</param>
    /// <param name="writtenAt">When the line was written.</param>
    /// <param name="unnamed">The session that it is when it names none.</param>
    public static CodexSession Of(FieldReading payload, DateTimeOffset? writtenAt, CodexSession unnamed)
    {
        var id = payload.NameIfText("id") ?? unnamed.Id;
        var subAgent = payload.Map("source").Map("subagent");
        var spawn = subAgent.Map("thread_spawn");
        var parent = payload.NameIfText("forked_from_id", "parent_thread_id") ?? spawn.NameIfText("parent_thread_id");
        var isSubAgent = !subAgent.IsMissing || payload.Map("source").NameIfText("subagent") is not null || payload.NameIfText("thread_source") == "subagent";
        var role = payload.NameIfText("agent_role") ?? spawn.NameIfText("agent_role")
            ?? LastPart(payload.NameIfText("agent_path") ?? spawn.NameIfText("agent_path"))
            ?? payload.Map("source").NameIfText("subagent") ?? subAgent.NameIfText("other");
        return new CodexSession
        {
            Id = id,
            Conversation = payload.NameIfText("session_id") ?? id,
            Parent = parent,
            MayRepeat = isSubAgent || parent is not null,
            CreatedAt = OfUuid(id) ?? payload.Time("timestamp") ?? writtenAt,
            Provider = payload.NameIfText("model_provider"),
            Folder = payload.NameIfText("cwd"),
            Agent = role ?? (isSubAgent ? "subagent" : CodexFormat.FormatName),
            // A nickname (drawn by lot for every sub-agent) is no role.
            Role = TagName.Of(role) ?? (isSubAgent ? "subagent" : TagName.Of(payload.NameIfText("source")) ?? "main"),
        };
    }

    /// <summary>When an id was made that carries its time; null for another id.</summary>
    public static DateTimeOffset? OfUuid(string? id) => id is null ? null : TimeReading.OfUuid7(id);

    private static string? LastPart(string? path) => path?.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed[(trimmed.LastIndexOf('/') + 1)..] : null;
}
