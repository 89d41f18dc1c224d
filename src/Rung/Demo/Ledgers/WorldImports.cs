using Rung.Control.Audit.Running;
using Rung.Control.Audit;
using Rung.Control.Imports;
using Rung.Core.Prices;
using Rung.Demo.Traces;
using Rung.Storage;

namespace Rung.Demo.Ledgers;

/// <summary>Imported calls of another system, so that there is something to audit: the made-up traces of <c>rung demo traces</c>.</summary>
internal static class WorldImports
{
    private const int Calls = 4_000;

    /// <summary>Imports them.</summary>
    /// <exception cref="IOException">The folder of temporary files cannot be written.</exception>
    public static async Task WriteAsync(Ledger ledger, long seed, TimeProvider clock, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("rung-traces-").FullName;
        try
        {
            var file = Path.Combine(folder, "traces.jsonl");
            TraceFile.Write(file, truthPath: null, Calls, seed, progress: null, cancellationToken);
            var request = new AuditRequest { Logs = new LogImportOptions { Paths = [file] }, Prices = PriceBook.Embedded, Names = SiteNames.Empty, Tiers = [] };
            var pipeline = new AuditPipeline(request, clock);
            var result = await pipeline.RunAsync(Silence.Instance, cancellationToken);
            await pipeline.KeepAsync(result, ledger, Silence.Instance, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Silence : IAuditProgress
    {
        public static readonly Silence Instance = new();

        public void Report(ImportProgress progress)
        {
            // The whole takes a second.
        }

        public void Say(string words)
        {
            // As above.
        }
    }
}
