using System.CommandLine;
using Rung.Commands.Policy;
using Rung.Storage;
using Rung.Storage.Content;

namespace Rung.Commands.Content;

/// <summary><c>rung content compact</c>: deletes what has expired, and rewrites both files without what was deleted.</summary>
internal static class ContentCompactCommand
{
    public static Command Create(TimeProvider clock)
    {
        var (data, json) = (ContentCommand.DataOption(), ContentCommand.JsonOption());
        var command = new Command("compact", "Delete what has expired, and rewrite the files so that no deleted byte is left in them. A gateway may go on serving.") { data, json };
        command.SetAction((parsed, cancellationToken) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            return PolicyCommand.GuardAsync(error, async () =>
            {
                var directory = parsed.GetRequiredValue(data);
                var before = SizeOf(directory);
                await using var store = ContentDirectory.Existing(directory, clock);
                var expired = store is null ? 0 : await store.DropExpiredAsync(cancellationToken);
                await RunAsync(directory, store, clock, error, cancellationToken);
                var after = SizeOf(directory);
                if (parsed.GetValue(json)) Output.WriteJson(output, new { Expired = expired, BytesBefore = before, BytesAfter = after });
                else output.WriteLine($"{Lines.Count(expired, "expired call")} deleted; {ContentCommand.Size(before)} before, {ContentCommand.Size(after)} now.");
                return ExitCode.Ok;
            });
        });
        return command;
    }

    /// <summary>Compacts the store of content and the ledger, where they are.</summary>
    internal static async Task RunAsync(string directory, ContentStore? store, TimeProvider clock, TextWriter error, CancellationToken cancellationToken)
    {
        if (store is not null) await store.CompactAsync(cancellationToken);
        if (!HasLedger(directory)) return;
        error.WriteLine($"rung: rewriting the ledger ({ContentCommand.Size(new FileInfo(Path.Combine(directory, Ledger.FileName)).Length)})");
        await using var ledger = Ledger.Open(directory, clock);
        await ledger.CompactAsync(cancellationToken);
    }

    /// <summary>Whether a directory holds a ledger.</summary>
    internal static bool HasLedger(string directory) => File.Exists(Path.Combine(directory, Ledger.FileName));

    private static long SizeOf(string directory) => !Directory.Exists(directory) ? 0 : Directory.EnumerateFiles(directory)
        .Where(file => Path.GetFileName(file) is var name && (name.StartsWith(ContentStore.FileName, StringComparison.Ordinal) || name.StartsWith(Ledger.FileName, StringComparison.Ordinal)))
        .Sum(file => new FileInfo(file).Length);
}
