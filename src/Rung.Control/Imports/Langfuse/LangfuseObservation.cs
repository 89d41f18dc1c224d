using System.Text.Json;
using Rung.Control.Imports.Reading;
using Rung.Core.Spans;

namespace Rung.Control.Imports.Langfuse;

/// <summary>One observation while it waits for its trace: a model call, or a step that tells where the calls beside and below it stand.</summary>
internal sealed class LangfuseObservation
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }
    /// <summary>Its trace; null when it has none.</summary>
    public string? TraceId { get; init; }
    /// <summary>The observation above it; null at the top.</summary>
    public string? ParentId { get; init; }
    /// <summary>Its kind in Langfuse's words, upper case: GENERATION, SPAN, TOOL, …</summary>
    public required string Type { get; init; }
    /// <summary>Its name; null when it has none.</summary>
    public string? Name { get; init; }
    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }
    /// <summary>The call; null when it is none.</summary>
    public ImportedCall? Call { get; init; }
    /// <summary>Names that its own metadata gives.</summary>
    public JobNames? Names { get; init; }
    /// <summary>The prompt of Langfuse's own prompt management that it used.</summary>
    public string? Prompt { get; init; }
    /// <summary>What it repeats of its trace.</summary>
    public required LangfuseTraceNames Trace { get; init; }
    /// <summary>Why it is no call of its own; null when it is one.</summary>
    public LeftOut? Leave { get; init; }

    /// <summary>Characters of content that it holds.</summary>
    public long Characters => Call?.Content is not { } content ? 0
        : (content.System?.Length ?? 0) + (content.Answer?.Length ?? 0) + (content.Schema?.Length ?? 0) + content.Messages.Sum(message => (long)message.Text.Length);

    /// <summary>Whether its trace says more than it does.</summary>
    public bool NeedsNames => Call is not null && Trace.IsEmpty;

    /// <summary>Reads an observation.</summary>
    /// <param name="fields">Its fields, in camel or in snake case.</param>
    /// <param name="trace">The trace around it; null when the record names its own.</param>
    /// <exception cref="LogRecordException">A field is missing or of a wrong kind.</exception>
    public static LangfuseObservation Read(FieldReading fields, string? trace = null)
    {
        var type = fields.RequiredName("type").ToUpperInvariant();
        var isCall = type is "GENERATION" or "EMBEDDING";
        var id = fields.RequiredName("id");
        var start = fields.RequiredTime("startTime", "start_time");
        var traceId = fields.Name("traceId", "trace_id") ?? trace;
        var usage = ReadUsage(fields, out var rule);
        var isOpen = isCall && usage.Source == UsageSource.None && !fields.Has("endTime", "end_time") && fields.NameIfText("level") != "ERROR";
        var metadata = fields.Map("metadata");
        var names = new JobNames();
        names.Read(metadata);

        return new LangfuseObservation
        {
            Id = id,
            TraceId = traceId,
            ParentId = fields.Name("parentObservationId", "parent_observation_id"),
            Type = type,
            Name = fields.Name("name"),
            StartedAt = start,
            Prompt = fields.Name("promptName", "prompt_name"),
            Names = isCall ? names : null,
            Trace = LangfuseTraceNames.ReadOnObservation(fields),
            Call = isCall && !isOpen ? ReadCall(fields, id, traceId, start, metadata) with { Usage = usage, UsageRule = rule } : null,
            Leave = isOpen ? LeftOut.Unfinished : isCall ? null : usage.Input + usage.Output > 0 ? LeftOut.RepeatsChildren : LeftOut.NoModelCall,
        };
    }

    private static ImportedCall ReadCall(FieldReading fields, string id, string? traceId, DateTimeOffset start, FieldReading metadata)
    {
        var end = fields.Time("endTime", "end_time");
        var first = fields.Time("completionStartTime", "completion_start_time");
        var model = fields.Name("providedModelName", "provided_model_name", "model");
        var isFailed = fields.NameIfText("level") == "ERROR";
        var call = new ImportedCall
        {
            Source = "langfuse",
            Key = id,
            StartedAt = start,
            LatencyMicros = TimeReading.Micros(start, end) ?? TimeReading.Micros(fields.Number("latency"), TimeUnit.Seconds),
            FirstByteMicros = TimeReading.Micros(start, first) ?? TimeReading.Micros(fields.Number("timeToFirstToken", "time_to_first_token"), TimeUnit.Seconds),
            Provider = ProviderNames.Of(metadata.NameIfText("ls_provider") ?? metadata.NameIfText("provider"), model),
            Model = model ?? "",
            ReportedCostNanoUsd = fields.NanoUsd("totalCost", "total_cost", "calculatedTotalCost", "totalPrice") ?? fields.Map("costDetails", "cost_details").NanoUsd("total"),
            Status = isFailed ? ImportedStatus.Failed : ImportedStatus.Answered,
            Error = isFailed ? "error" : null, // The status message may quote the prompt.
            Run = traceId,
        };
        return ReadContent(fields).ApplyTo(call);
    }

    // usageDetails is the map that counts; "usage" is what older pages have instead.
    private static TokenUsage ReadUsage(FieldReading fields, out UsageRule rule)
    {
        var details = fields.Map("usageDetails", "usage_details");
        if (details.IsMissing || !details.Element.EnumerateObject().MoveNext()) details = fields.Map("usage");
        var sum = new LangfuseUsage();
        if (!details.IsMissing)
        {
            foreach (var entry in details.Element.EnumerateObject())
            {
                if (entry.Name is "unit" || entry.Name.EndsWith("Cost", StringComparison.Ordinal)) continue;
                if (details.Count(entry.Name) is { } tokens) sum.Add(entry.Name, tokens);
            }
        }
        return sum.Complete(out rule);
    }

    private static ChatReading ReadContent(FieldReading fields)
    {
        var chat = new ChatReading();
        if (fields.Json("modelParameters", "model_parameters") is { } parameters) chat.AddParameters(parameters);
        if (fields.Json("input") is { } input)
        {
            if (input.ValueKind == JsonValueKind.Object) chat.AddParameters(input);
            chat.AddMessages(input);
        }
        else if (fields.NameIfText("input") is not null)
        {
            chat.AddMessage("user", fields.Text("input")!);
        }
        if (fields.Json("output") is { } output) chat.AddReply(output);
        else if (fields.NameIfText("output") is not null) chat.AddAnswer(fields.Text("output")!);

        if (fields.Json("toolDefinitions", "tool_definitions") is { ValueKind: JsonValueKind.Object } tools)
        {
            foreach (var tool in tools.EnumerateObject()) chat.AddTool(tool.Name);
        }
        return chat;
    }
}
