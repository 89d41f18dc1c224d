using Rung.Control.Imports;

namespace Rung.Control.Tests.Imports.ClaudeCode;

public sealed class LocalSessionsTests : IDisposable
{
    private readonly string home = Directory.CreateTempSubdirectory("rung-home").FullName;

    public void Dispose() => Directory.Delete(home, recursive: true);

    [Fact]
    public void Folders_of_claude_code_are_those_that_exist()
    {
        Make(".claude/projects", ".config/claude/projects", "xdg/claude/projects", "one/projects", "two");
        Assert.Equal([In(".claude/projects"), In(".config/claude/projects")], LocalSessions.ClaudeCode(_ => null, home));
        Assert.Equal([In(".claude/projects"), In("xdg/claude/projects")], LocalSessions.ClaudeCode(name => name == "XDG_CONFIG_HOME" ? In("xdg") : null, home));
        Assert.Equal([In("one/projects")], LocalSessions.ClaudeCode(name => name == "CLAUDE_CONFIG_DIR" ? $"{In("one")}, {In("two")},{In("one/projects")}" : null, home));
    }

    [Fact]
    public void Folders_of_codex_have_the_live_sessions_first()
    {
        Make(".codex/sessions", ".codex/archived_sessions", "elsewhere/sessions");
        Assert.Equal([In(".codex/sessions"), In(".codex/archived_sessions")], LocalSessions.Codex(_ => null, home));
        Assert.Equal([In("elsewhere/sessions")], LocalSessions.Codex(name => name == "CODEX_HOME" ? In("elsewhere") : null, home));
    }

    [Fact]
    public void Nothing_is_found_where_nothing_is() => Assert.Empty(LocalSessions.ClaudeCode(_ => "", home).Concat(LocalSessions.Codex(_ => null, home)));

    private string In(string path) => Path.Combine(home, path);

    private void Make(params string[] paths)
    {
        foreach (var path in paths) Directory.CreateDirectory(In(path));
    }
}
