using System.Buffers;
using System.Collections.Immutable;
using System.Numerics;
using Rung.Control.Imports;

namespace Rung.Control.Audit.Sites;

/// <summary>Counts the calls of one site. Bounded: about 10 KB, and up to 160 KB more where many sessions are told. Two tallies can be added.</summary>
internal sealed class SiteTally
{
    private const int MostLabels = 1_000, MostKeySets = 256, MostNames = 64;

    private static readonly SearchValues<string> Checking = SearchValues.Create(
        ["check", "valid", "verif", "parse", "parsing", "lint", "test", "review", "guard", "assert", "schema", "critic", "judge", "moderat"], StringComparison.OrdinalIgnoreCase);

    private readonly QuantileSketch input = new(), output = new(), latency = new(), firstByte = new();
    private readonly DistinctCount sessions = new();
    private readonly BoundedCounts<ulong> labels = new(MostLabels), keySets = new(MostKeySets);
    private readonly BoundedCounts<string> validators = new(MostNames);
    private readonly long[] shapes = new long[7], data = new long[16];
    private ShareCount failed, truncated, again, zeroTemperature, structured, tools, history, firstOfRun, lastOfRun, validated, corrected;
    private long verdicts, contentSeen, scoreMillionths;
    private DateTimeOffset first = DateTimeOffset.MaxValue, last = DateTimeOffset.MinValue;
    private long systemCalls, systemChars, messageCalls, messageChars, messages;

    /// <summary>Sums by model.</summary>
    public ModelTally Models { get; } = new();
    /// <summary>Roles that the calls carry.</summary>
    public BoundedCounts<string> Roles { get; } = new(MostNames);
    /// <summary>Agents that made the calls.</summary>
    public BoundedCounts<string> Agents { get; } = new(MostNames);
    /// <summary>Steps that made the calls.</summary>
    public BoundedCounts<string> Steps { get; } = new(MostNames);
    /// <summary>Sets of tools, by hash; calls of which none are told or declared are not in it.</summary>
    public BoundedCounts<ulong> ToolSets { get; } = new(MostNames);
    /// <summary>Schemas, by hash.</summary>
    public BoundedCounts<ulong> Schemas { get; } = new(MostNames);
    /// <summary>The beginning of the earliest prompt that may be shown; null when none may.</summary>
    public string? Example { get; private set; }
    private DateTimeOffset exampleAt = DateTimeOffset.MaxValue;

    /// <summary>Calls, or requests that buckets stand for.</summary>
    public long Calls => Models.Calls;
    /// <summary>Mean characters of system prompt and other messages, and mean number of messages; null when not told.</summary>
    public (double? System, double? Message, double? Messages) Sizes =>
        (systemCalls > 0 ? (double)systemChars / systemCalls : null, messageCalls > 0 ? (double)messageChars / messageCalls : null, messageCalls > 0 ? (double)messages / messageCalls : null);
    /// <summary>Answers by shape; the log's silence is <see cref="OutputShape.Unknown"/>.</summary>
    public ReadOnlySpan<long> Shapes => shapes;

    /// <summary>Adds a call or a bucket.</summary>
    public void Add(in SeenCall seen)
    {
        var call = seen.Call;
        Models.Add(call, seen.Rating);
        if (call.StartedAt < first) first = call.StartedAt;
        if (call.StartedAt > last) last = call.StartedAt;
        if (call.Role is { } role) Roles.Add(role, call.Requests);
        if (call.Agent is { } agent) Agents.Add(agent, call.Requests);
        if (call.Step is { } step) Steps.Add(step, call.Requests);
        if (call.Granularity == ImportGranularity.Bucket) return; // A sum has no single call to look at.
        AddFigures(call);
        AddShares(seen);
        AddContent(seen.Traits, call.StartedAt);
    }

    private void AddFigures(ImportedCall call)
    {
        if (call.Usage.Input > 0) input.Add(call.Usage.Input);
        if (call.Usage.Input > 0 || call.Usage.Output > 0) output.Add(call.Usage.Output);
        if (call.Status != ImportedStatus.ServedFromCache)
        {
            if (call.LatencyMicros is { } micros) latency.Add(micros / 1000.0);
            if (call.FirstByteMicros is { } begin) firstByte.Add(begin / 1000.0);
        }
        if (call.Session is { } session) sessions.Add(TextHash.Of(session));
    }

    private void AddShares(in SeenCall seen)
    {
        var call = seen.Call;
        failed.Add(call.Status == ImportedStatus.Unknown ? null : call.Status == ImportedStatus.Failed);
        truncated.Add(call.FinishReason is null ? null : call.FinishReason.Equals("length", StringComparison.OrdinalIgnoreCase) || call.FinishReason.Equals("max_tokens", StringComparison.OrdinalIgnoreCase));
        again.Add(seen.IsAgain);
        zeroTemperature.Add(call.Temperature is { } temperature ? temperature == 0 : null);
        structured.Add(seen.Traits.Schema != 0 ? true : call.Output is { } form ? form is RequestedOutput.Json or RequestedOutput.Schema : null);
        tools.Add(call.Tools.IsDefault ? null : call.Tools.Length > 0);
        history.Add(seen.HasHistory);
        firstOfRun.Add(call.RunPosition is { } position ? position == 0 : null);
        lastOfRun.Add(call.EndsRun);
        AddValidation(call);
        if (call.Verdicts.IsDefaultOrEmpty) return;
        double? worst = null;
        foreach (var verdict in call.Verdicts)
        {
            verdicts++;
            scoreMillionths += (long)Math.Round(Math.Clamp(verdict.Score, 0, 1) * 1e6); // Integers: the mean does not depend on the order.
            if (verdict.ByPerson) worst = Math.Min(worst ?? 1, verdict.Score);
        }
        corrected.Add(worst is { } score ? score < 0.5 : null);
    }

    private void AddValidation(ImportedCall call)
    {
        var isChecked = call.FollowedBy is { } next ? next.AsSpan().ContainsAny(Checking) : call.EndsRun == true ? false : (bool?)null;
        validated.Add(isChecked);
        if (isChecked == true) validators.Add(call.FollowedBy!);
    }

    private void AddContent(CallTraits traits, DateTimeOffset at)
    {
        if (traits.ToolSet != 0) ToolSets.Add(traits.ToolSet);
        if (traits.Schema != 0) Schemas.Add(traits.Schema);
        shapes[(int)traits.Output]++;
        if (traits.Output == OutputShape.Label) labels.Add(traits.OutputKey);
        if (traits.Output == OutputShape.Json) keySets.Add(traits.OutputKey);
        if (traits.SystemChars >= 0)
        {
            systemCalls++;
            systemChars += traits.SystemChars;
        }
        if (traits.MessageChars >= 0)
        {
            messageCalls++;
            messageChars += traits.MessageChars;
            messages += traits.Messages;
        }
        if (traits.SystemChars >= 0 || traits.MessageChars >= 0 || traits.OutputChars >= 0) contentSeen++;
        for (var signs = (uint)traits.Data; signs != 0; signs &= signs - 1) data[BitOperations.TrailingZeroCount(signs)]++;
        if (traits.Opening is { } opening && at < exampleAt) (Example, exampleAt) = (opening, at);
    }

    /// <summary>Adds all that another tally counted.</summary>
    public void Add(SiteTally other)
    {
        input.Add(other.input);
        output.Add(other.output);
        latency.Add(other.latency);
        firstByte.Add(other.firstByte);
        sessions.Add(other.sessions);
        labels.Add(other.labels);
        keySets.Add(other.keySets);
        validators.Add(other.validators);
        for (var i = 0; i < shapes.Length; i++) shapes[i] += other.shapes[i];
        for (var i = 0; i < data.Length; i++) data[i] += other.data[i];
        failed.Add(other.failed);
        truncated.Add(other.truncated);
        again.Add(other.again);
        zeroTemperature.Add(other.zeroTemperature);
        structured.Add(other.structured);
        tools.Add(other.tools);
        history.Add(other.history);
        firstOfRun.Add(other.firstOfRun);
        lastOfRun.Add(other.lastOfRun);
        validated.Add(other.validated);
        corrected.Add(other.corrected);
        (verdicts, contentSeen, scoreMillionths) = (verdicts + other.verdicts, contentSeen + other.contentSeen, scoreMillionths + other.scoreMillionths);
        if (other.first < first) first = other.first;
        if (other.last > last) last = other.last;
        (systemCalls, systemChars) = (systemCalls + other.systemCalls, systemChars + other.systemChars);
        (messageCalls, messageChars, messages) = (messageCalls + other.messageCalls, messageChars + other.messageChars, messages + other.messages);
        Models.Add(other.Models);
        Roles.Add(other.Roles);
        Agents.Add(other.Agents);
        Steps.Add(other.Steps);
        ToolSets.Add(other.ToolSets);
        Schemas.Add(other.Schemas);
        if (other.Example is not null && other.exampleAt < exampleAt) (Example, exampleAt) = (other.Example, other.exampleAt);
    }

    /// <summary>What was counted.</summary>
    public SiteStatistics Read() => new()
    {
        Calls = Calls,
        Models = Models.Read(),
        Period = Calls > 0 || last >= first ? (first, last) : default,
        Input = input.Read(),
        Output = output.Read(),
        LatencyMs = latency.Read(),
        FirstByteMs = firstByte.Read(),
        Sessions = sessions.Value,
        Failed = failed.Read(),
        Truncated = truncated.Read(),
        AskedAgain = again.Read(),
        AtZeroTemperature = zeroTemperature.Read(),
        AsksForStructure = structured.Read(),
        WithTools = tools.Read(),
        WithHistory = history.Read(),
        FirstOfRun = firstOfRun.Read(),
        LastOfRun = lastOfRun.Read(),
        Validated = validated.Read(),
        Validators = [.. validators.ByCount(StringComparer.Ordinal).Take(3)],
        CorrectedByPeople = corrected.Read(),
        MeanVerdict = verdicts > 0 ? scoreMillionths / 1e6 / verdicts : null,
        Verdicts = verdicts,
        Shapes = Enumerable.Range(1, shapes.Length - 1).Where(shape => shapes[shape] > 0).ToImmutableSortedDictionary(shape => (OutputShape)shape, shape => shapes[shape]),
        DistinctLabels = labels.Distinct,
        LabelEntropyBits = labels.EntropyBits(),
        SameKeys = new Share(keySets.Pairs.Select(pair => pair.Value).DefaultIfEmpty().Max(), keySets.Total),
        Data = Enumerable.Range(0, data.Length).Where(bit => data[bit] > 0).ToImmutableSortedDictionary(bit => (DataSigns)(1 << bit), bit => data[bit]),
        ContentSeen = contentSeen,
    };
}
