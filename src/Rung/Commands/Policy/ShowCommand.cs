using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Rung.Control.Policies;

namespace Rung.Commands.Policy;

/// <summary><c>rung policy show</c>: a policy as it was written, or as an org chart.</summary>
internal static class ShowCommand
{
    public static Command Create(TimeProvider clock)
    {
        var reference = new Argument<string>("policy")
        {
            Description = $"The policy: {PolicyFinder.Forms}.", HelpName = "REVISION|FILE", Arity = ArgumentArity.ZeroOrOne, DefaultValueFactory = _ => PolicyFinder.Current,
        };
        var data = PolicyCommand.DataOption();
        var table = new Option<bool>("--table") { Description = "Show the routes as an org chart: tier, owner, why, what catches a failure, bounds." };
        var files = new Option<bool>("--files") { Description = "Show the included files, too." };
        var json = PolicyCommand.JsonOption();
        var command = new Command("show", "Print a policy as it was stored, or its routes as an org chart.") { reference, data, table, files, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                if (parsed.GetValue(table) && parsed.GetValue(files)) return Output.Fail(error, "--table and --files do not go together.", "Leave one out.");
                var policy = await new PolicyFinder(parsed.GetRequiredValue(data), clock).FindAsync(parsed.GetRequiredValue(reference), cancellationToken);
                if (parsed.GetValue(table))
                {
                    var chart = OrgChart.Of(policy.Snapshot, Output.Usd);
                    if (parsed.GetValue(json)) Output.WriteJson(output, new { Policy = policy.Name, Revision = policy.Revision?.Number, policy.Snapshot.Hash, chart.Ladder, chart.Routes, chart.Pins });
                    else OrgChartText.Write(output, chart);
                }
                else if (parsed.GetValue(json))
                {
                    Output.WriteJson(output, Json(policy, parsed.GetValue(files)));
                }
                else
                {
                    WriteText(output, policy, parsed.GetValue(files));
                }
                if (!parsed.GetValue(json)) Lines.Write(error, "", Origin(policy));
                return ExitCode.Ok;
            });
        });
        return command;
    }

    private static void WriteText(TextWriter output, NamedPolicy policy, bool withFiles)
    {
        output.Write(policy.File.Text); // To the letter: what is printed can be used as a policy file.
        if (!withFiles) return;
        if (!policy.File.Text.EndsWith('\n')) output.WriteLine();
        foreach (var (name, bytes) in policy.File.Files)
        {
            output.WriteLine($"# ---- {Lines.Clean(name)} ({bytes.Length:N0} bytes)");
            var text = Encoding.UTF8.GetString(bytes.Span);
            output.Write(text);
            if (!text.EndsWith('\n')) output.WriteLine();
        }
    }

    private static object Json(NamedPolicy policy, bool withFiles) => new
    {
        Policy = policy.Name,
        Revision = policy.Revision?.Number,
        Hash = policy.Revision?.Hash ?? policy.File.Compilation.Snapshot?.Hash,
        policy.Revision?.PublishedAt,
        policy.Revision?.Author,
        policy.Revision?.Reason,
        policy.File.Text,
        Files = policy.File.Files.Select(file => new
        {
            Path = file.Key, Bytes = file.Value.Length, Sha256 = Convert.ToHexStringLower(SHA256.HashData(file.Value.Span)),
            Text = withFiles ? Encoding.UTF8.GetString(file.Value.Span) : null,
        }),
    };

    private static string Origin(NamedPolicy policy) => policy.Revision is not { } revision ? $"{policy.Name}; not a stored revision."
        : $"Revision {revision.Number} ({Lines.Short(revision.Hash)}), {Lines.Time(revision.PublishedAt)}, {revision.Author}: {revision.Reason}";
}
