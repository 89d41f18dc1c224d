using System.Globalization;
using BenchmarkDotNet.Attributes;
using Rung.Core.Spans;
using Rung.Storage.Sqlite;

namespace Rung.Benchmarks;

/// <summary>What does the queue of the roll-ups add to a batch that is appended to the ledger? A file each, on the disk of the temporary directory; nobody empties the queue meanwhile.</summary>
[MemoryDiagnoser]
public class AppendBenchmarks
{
    private readonly List<CallRecord> batch = [];
    private string folder = "";
    private Connection? plain, queued;
    private CallWriter? plainWriter, queuedWriter;
    private long made;

    /// <summary>Calls a batch: a quarter of a second at 250 and at 4,000 calls a second.</summary>
    [Params(64, 1024)]
    public int Calls { get; set; }

    [GlobalSetup]
    public void Begin()
    {
        folder = Directory.CreateTempSubdirectory("rung-append-").FullName;
        (plain, queued) = (Open("plain.db"), Open("queued.db"));
        (plainWriter, queuedWriter) = (new CallWriter(plain, queue: null), new CallWriter(queued, new RollupQueue(queued)));
    }

    [GlobalCleanup]
    public void End()
    {
        plainWriter?.Dispose();
        queuedWriter?.Dispose();
        plain?.Dispose();
        queued?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    [Benchmark(Baseline = true)]
    public void Without_the_queue() => plainWriter!.Append(Next());

    [Benchmark]
    public void With_the_queue() => queuedWriter!.Append(Next());

    private Connection Open(string name)
    {
        var connection = Connection.OpenWriter(Path.Combine(folder, name));
        SchemaMigrations.Apply(connection, SchemaMigrations.All, TimeProvider.System);
        return connection;
    }

    // New ids in order of time, as a gateway makes them; both sides pay for making them, some 2 % of the whole.
    private List<CallRecord> Next()
    {
        batch.Clear();
        for (var i = 0; i < Calls; i++) batch.Add(Call(++made));
        return batch;
    }

    private static CallRecord Call(long number)
    {
        var at = DateTimeOffset.UnixEpoch.AddMilliseconds(1_780_000_000_000 + number);
        return new CallRecord
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{1_780_000_000_000 + number:x12}70008000{number:x12}"), StartedAt = at, Tag = "label", Role = "worker", Session = "session-0123456789abcdef",
            Route = "label", PolicyRevision = 1, PolicyHash = "0123456789abcdef", Status = CallStatus.Answered, HttpStatus = 200, LatencyMicros = 900_000, FirstByteMicros = 300_000, Tier = "small", Model = "a",
            CostNanoUsd = 120_000, BaselineNanoUsd = 1_200_000, BaselineModel = "c", Reason = "tag label: small",
            Attempts =
            {
                new AttemptRecord
                {
                    Ordinal = 0, Kind = AttemptKind.First, Model = "a", Provider = "openai-compatible", Tier = "small", Propensity = 1, StartedAt = at, Outcome = AttemptOutcome.Completed, HttpStatus = 200,
                    LatencyMicros = 890_000, FirstByteMicros = 290_000, CostNanoUsd = 120_000, Usage = new() { Input = 400, Output = 60 },
                },
            },
        };
    }
}
