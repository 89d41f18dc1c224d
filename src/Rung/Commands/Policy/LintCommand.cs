using System.CommandLine;
using System.Text.Json.Serialization;
using Rung.Commands.Eval;
using Rung.Core.Policies;
using Rung.Evals;
using Rung.Serving;

namespace Rung.Commands.Policy;

/// <summary><c>rung policy lint</c>: every fault of a policy at once, then opinions on it.</summary>
internal static class LintCommand
{
    public static Command Create(TimeProvider clock)
    {
        var files = new Argument<string[]>("file")
        {
            Description = "Policy files.", HelpName = "FILE", Arity = ArgumentArity.ZeroOrMore, DefaultValueFactory = _ => [PolicyFile.DefaultPath],
        };
        var strict = new Option<bool>("--strict") { Description = "Warnings fail, too." };
        var data = new Option<string>("--data") { Description = "A data directory: also hold evidence against the last 30 days of captured calls and the ledger.", HelpName = "DIR" };
        var json = PolicyCommand.JsonOption();
        var command = new Command("lint", "Show every fault of a policy with its place and its fix, then opinions on it. Exit code 1 when one matters.") { files, strict, data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return EvalGuard.RunAsync(error, async () =>
            {
                var finder = new PolicyFinder(parsed.GetValue(data) ?? ServeCommand.DefaultData, clock);
                var linted = new List<LintedFile>();
                foreach (var file in parsed.GetRequiredValue(files)) linted.Add(await LintAsync(finder, file, parsed.GetValue(strict), parsed.GetValue(data), clock, cancellationToken));
                if (parsed.GetValue(json)) Output.WriteJson(output, new { Files = linted });
                else foreach (var file in linted) Write(output, file);
                foreach (var file in linted.Where(file => file.Problem is not null)) Output.Fail(error, file.Problem!, file.Fix);
                if (linted.Count > 1) error.WriteLine($"{Lines.Count(linted.Count, "file")}, {linted.Count(file => !file.Ok)} not in order.");
                return linted.Any(file => file.Problem is not null) ? ExitCode.Usage : linted.All(file => file.Ok) ? ExitCode.Ok : ExitCode.Faults;
            });
        });
        return command;
    }

    private static async Task<LintedFile> LintAsync(PolicyFinder finder, string path, bool strict, string? data, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            var named = finder.FromFile(path);
            var found = named.File.Compilation;
            if (data is not null && found.Snapshot is { } snapshot) found = finder.Observed(named, await TrafficObserver.LookAsync(data, snapshot, named.File.Files, clock, cancellationToken));
            var summary = new LintSummary(
                found.Faults.Length, Count(LintSeverity.Error), Count(LintSeverity.Warning), Count(LintSeverity.Info),
                found.Snapshot is { } policy ? $"{Lines.Count(policy.Ladder.Length, "tier")}, {Lines.Count(policy.Models.Length, "model")}, {Lines.Count(policy.Roles.Count, "role")}, {Lines.Count(policy.Tags.Count, "tag")}, {Lines.Count(policy.Pins.Length, "pin")}" : null);
            return new LintedFile(
                path, summary.Faults + summary.Errors + (strict ? summary.Warnings : 0) == 0,
                [.. found.Faults.Select(fault => new LintedFault(fault.Line, fault.Column, fault.Path, fault.Message, fault.Fix))], [.. found.Lints], summary)
            {
                Text = [.. found.Faults.Select(Findings.Line), .. found.Lints.Select(lint => Findings.Line(path, lint))],
            };

            int Count(LintSeverity severity) => found.Lints.Count(lint => lint.Severity == severity);
        }
        catch (PolicyUnusableException e)
        {
            return new LintedFile(path, Ok: false, [], [], new LintSummary(0, 0, 0, 0, null)) { Problem = e.Message, Fix = e.Fix };
        }
    }

    private static void Write(TextWriter output, LintedFile file)
    {
        if (file.Problem is not null) return;
        foreach (var line in file.Text) output.WriteLine(line);
        output.WriteLine(Lines.Clean($"{file.File}: {file.Summary.Sentence}"));
    }

    /// <summary>One file of the report.</summary>
    /// <param name="File">Its path as given.</param>
    /// <param name="Ok">Whether nothing in it fails the command.</param>
    /// <param name="Faults">What keeps it from taking effect.</param>
    /// <param name="Lints">Opinions; empty while there are faults.</param>
    /// <param name="Summary">How many of each.</param>
    private sealed record LintedFile(string File, bool Ok, IReadOnlyList<LintedFault> Faults, IReadOnlyList<PolicyLint> Lints, LintSummary Summary)
    {
        /// <summary>Why it could not be read; left out when it could.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Problem { get; init; }

        /// <summary>What to do about <see cref="Problem"/>.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? Fix { get; init; }

        /// <summary>The same as lines for people.</summary>
        [JsonIgnore]
        public IReadOnlyList<string> Text { get; init; } = [];
    }

    private sealed record LintedFault(int Line, int Column, string Path, string Message, string Fix);

    private sealed record LintSummary(int Faults, int Errors, int Warnings, int Infos, [property: JsonIgnore] string? Size)
    {
        [JsonIgnore]
        public string Sentence => Faults > 0 ? $"{Lines.Count(Faults, "fault")}: it cannot take effect, and is not judged further."
            : Errors + Warnings + Infos == 0 ? $"in order ({Size})."
            : $"{Lines.Count(Errors, "error")}, {Lines.Count(Warnings, "warning")}, {Infos} info; it compiles ({Size}).";
    }
}
