namespace Rung.Control.Imports;

/// <summary>Where coding agents keep the logs of their sessions on this machine.</summary>
public static class LocalSessions
{
    /// <summary>
    /// Folders with transcripts of Claude Code that exist: <c>projects</c> in each folder of <c>CLAUDE_CONFIG_DIR</c> (separated by commas); without that variable
    /// in <c>~/.claude</c> and in <c>$XDG_CONFIG_HOME/claude</c>, which is <c>~/.config/claude</c> when not set.
    /// </summary>
    /// <param name="environment">Value of an environment variable; null when it is not set.</param>
    /// <param name="home">The user's home folder.</param>
    public static IReadOnlyList<string> ClaudeCode(Func<string, string?> environment, string home)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(home);
        var configured = Parts(environment("CLAUDE_CONFIG_DIR"));
        IEnumerable<string> roots = configured.Length > 0
            ? configured
            : [Path.Combine(home, ".claude"), Path.Combine(NotEmpty(environment("XDG_CONFIG_HOME")) ?? Path.Combine(home, ".config"), "claude")];
        // The variable may name the folder of the projects itself.
        return Existing(roots.Select(root => Path.GetFileName(root) == "projects" ? root : Path.Combine(root, "projects")));
    }

    /// <summary>
    /// Folders with rollouts of Codex that exist: <c>sessions</c>, then <c>archived_sessions</c>, in each folder of <c>CODEX_HOME</c> (separated by commas), or in
    /// <c>~/.codex</c>. In this order, because a session that is in both counts as it is in the first.
    /// </summary>
    /// <param name="environment">Value of an environment variable; null when it is not set.</param>
    /// <param name="home">The user's home folder.</param>
    public static IReadOnlyList<string> Codex(Func<string, string?> environment, string home)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(home);
        var configured = Parts(environment("CODEX_HOME"));
        IEnumerable<string> roots = configured.Length > 0 ? configured : [Path.Combine(home, ".codex")];
        return Existing(roots.SelectMany(root => new[] { Path.Combine(root, "sessions"), Path.Combine(root, "archived_sessions") }));
    }

    private static string[] Parts(string? list) => list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    private static string? NotEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static List<string> Existing(IEnumerable<string> folders) => [.. folders.Distinct(StringComparer.Ordinal).Where(Directory.Exists)];
}
