using Rung.Core.Policies;

namespace Rung.Commands.Policy;

/// <summary>Faults and lints as lines that compilers write and editors read: <c>file:line:column: severity: what</c>.</summary>
internal static class Findings
{
    public static string Line(PolicyFault fault) =>
        Lines.Clean($"{fault.File}:{fault.Line}:{fault.Column}: error: {Prefix(fault.Path)}{fault.Message} {fault.Fix}");

    public static string Line(string file, PolicyLint lint) =>
        Lines.Clean($"{file}:{lint.Line}:{lint.Column}: {Word(lint.Severity)} {lint.Code}: {Prefix(lint.Path)}{lint.Message} {lint.Fix}");

    private static string Prefix(string path) => path.Length == 0 ? "" : $"{path}: ";

    private static string Word(LintSeverity severity) => severity switch
    {
        LintSeverity.Error => "error",
        LintSeverity.Warning => "warning",
        _ => "info",
    };
}
