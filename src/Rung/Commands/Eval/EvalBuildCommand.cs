using System.CommandLine;

namespace Rung.Commands.Eval;

/// <summary><c>rung eval build</c>: a set of questions with references, from captured calls or from files.</summary>
internal static class EvalBuildCommand
{
    public static Command Create(TimeProvider clock, TextReader? terminal, OpenAsker openAsker, Func<Stream> openInput)
    {
        var options = new EvalBuildOptions();
        var command = new Command("build", "Sample captured calls of a tag, or read files, and store them with reference answers as a version of an eval set. Exit code 1 when references are still missing.");
        foreach (var option in options.All) command.Options.Add(option);
        command.SetAction((parsed, cancellationToken) =>
        {
            var configuration = parsed.InvocationConfiguration;
            if (options.Fault(parsed) is { } fault) return Task.FromResult(Output.Fail(configuration.Error, fault.Message, fault.Fix));
            var run = new EvalBuildRun(options, parsed, clock, terminal, openAsker, openInput);
            return EvalGuard.RunAsync(configuration.Error, () => run.RunAsync(cancellationToken));
        });
        return command;
    }
}
