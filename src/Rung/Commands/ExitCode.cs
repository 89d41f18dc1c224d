namespace Rung.Commands;

/// <summary>Exit codes of every command, as documented in <c>docs/cli.md</c>.</summary>
internal static class ExitCode
{
    /// <summary>Done; for a comparison: no difference.</summary>
    public const int Ok = 0;
    /// <summary>The input has faults, a check failed, or things differ: the command worked and says no.</summary>
    public const int Faults = 1;
    /// <summary>The command line is wrong, or a file or address cannot be used.</summary>
    public const int Usage = 2;
}
