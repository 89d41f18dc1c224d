using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Rung.Core.Spans;

namespace Rung.Control.Imports.Otlp;

/// <summary>Makes of a span's attributes what an import keeps: what the span is, its names, and for a model call everything that the span itself tells.</summary>
internal sealed class SpanReading
{
    private const int MostNames = 8192;

    private readonly Utf8Names _names = new(16 * 1024);
    private readonly ContentDraft _content = new();
    private readonly ContentReading _reading;
    private readonly List<IndexedPart> _parts = [];
    private readonly Dictionary<(string Name, string? Model), string?> _meanings = [];
    private readonly Dictionary<(string? Provider, string Model), string> _providers = [];

    public SpanReading() => _reading = new ContentReading(_content, _names);

    /// <summary>The span that was drafted; its ids and its start must be there.</summary>
    /// <param name="draft">The draft.</param>
    /// <param name="service">Name of the service that the resource tells; null when it does not.</param>
    /// <param name="isSimulated">Whether the resource says that it is made up.</param>
    public HeldSpan Read(SpanDraft draft, string? service, bool isSimulated)
    {
        var name = _names.Name(draft.Name) ?? "";
        var part = PartOf(draft, name);
        var hasUsage = draft.Has(Slot.Input) || draft.Has(Slot.Output) || draft.Has(Slot.UsageDetails) || draft.Has(Slot.Total);
        var simulated = isSimulated || draft.IsTrue(Slot.Simulated);
        var end = draft.End >= draft.Start ? draft.End : draft.Start;
        var model = part == SpanPart.Call ? draft.Text(Slot.Model, _names) ?? "" : null;
        var call = part == SpanPart.Call ? ReadCall(draft, model!, service, simulated) : null;
        var (tag, role, source) = ReadTag(draft);
        return new HeldSpan
        {
            Trace = draft.TraceId, Id = draft.SpanId, ParentId = draft.ParentId, Start = draft.Start, End = end, Part = part,
            Agent = draft.Text(Slot.Agent, _names) ?? (part == SpanPart.Agent ? draft.Has(Slot.TraceloopKind) ? draft.Text(Slot.Step, _names) ?? Meaning(name, null) : Meaning(name, null) : null),
            Meaning = part switch
            {
                SpanPart.Tool => draft.Text(Slot.ToolName, _names) ?? draft.Text(Slot.Step, _names) ?? Meaning(name, null),
                SpanPart.Agent or SpanPart.Plumbing => null,
                _ => draft.Text(Slot.Step, _names) ?? Meaning(name, model),
            },
            Tag = tag, TagSource = source, TraceTag = draft.Has(Slot.Tags) ? JobOf(draft.Bytes(Slot.Tags)) : null, Role = role,
            Session = draft.Text(Slot.Session, _names), User = draft.Text(Slot.User, _names),
            CarriesUsage = hasUsage, Simulated = simulated, Call = call, ContentChars = call is null ? 0 : _content.Chars,
        };
    }

    /// <summary>A model call that a log record tells (Claude Code's <c>api_request</c>); null when it is none.</summary>
    public ImportedCall? ReadLog(SpanDraft draft, bool isSimulated)
    {
        if (!draft.Name.SequenceEqual("claude_code.api_request"u8) && !draft.Bytes(Slot.EventName).SequenceEqual("api_request"u8) && !draft.Bytes(Slot.EventName).SequenceEqual("claude_code.api_request"u8)) return null;
        var model = draft.Text(Slot.Model, _names) ?? "";
        var ended = draft.Start > 0 ? draft.Start : draft.End;
        if (ended <= 0) throw new LogRecordException("A log record has no time.");
        // The event is written when the answer is there.
        var duration = Math.Clamp(draft.Whole(Slot.Duration) ?? 0, 0, 86_400_000);
        draft.Start = ended - duration * 1_000_000;
        draft.End = ended;
        var session = draft.Text(Slot.Session, _names);
        var source = draft.Text(Slot.Agent, _names);
        var call = ReadCall(draft, model, null, isSimulated || draft.IsTrue(Slot.Simulated));
        return call with
        {
            Key = $"claude-code/{draft.Text(Slot.Request, _names) ?? $"{session}/{ended}/{call.Usage.Input}/{call.Usage.Output}"}",
            Provider = call.Provider.Length > 0 ? call.Provider : "anthropic",
            LatencyMicros = duration > 0 ? duration * 1000 : null,
            Session = session, User = draft.Text(Slot.User, _names), Agent = source,
        };
    }

    private static SpanPart PartOf(SpanDraft draft, string name)
    {
        var operation = draft.Bytes(Slot.Operation);
        if (Is(operation, "invoke_agent"u8) || Is(operation, "create_agent"u8)) return SpanPart.Agent;
        if (Is(operation, "execute_tool"u8)) return SpanPart.Tool;
        if (Is(operation, "agent_step"u8) || Is(operation, "invoke_workflow"u8) || Is(operation, "plan"u8) || Is(operation, "retrieval"u8)) return SpanPart.Step;

        var kind = draft.Bytes(Slot.SpanKind);
        if (Is(kind, "LLM"u8) || Is(kind, "EMBEDDING"u8)) return SpanPart.Call;
        if (Is(kind, "AGENT"u8)) return SpanPart.Agent;
        if (Is(kind, "TOOL"u8)) return SpanPart.Tool;
        if (!kind.IsEmpty) return SpanPart.Step;

        var type = draft.Bytes(Slot.ObservationType);
        if (Is(type, "generation"u8) || Is(type, "embedding"u8)) return SpanPart.Call;
        if (Is(type, "agent"u8)) return SpanPart.Agent;
        if (Is(type, "tool"u8)) return SpanPart.Tool;
        if (!type.IsEmpty && operation.IsEmpty && !draft.Has(Slot.OperationId)) return SpanPart.Step;

        var entity = draft.Bytes(Slot.TraceloopKind);
        if (Is(entity, "agent"u8)) return SpanPart.Agent;
        if (Is(entity, "tool"u8)) return SpanPart.Tool;
        if (Is(entity, "workflow"u8) || Is(entity, "task"u8)) return SpanPart.Step;

        if (!operation.IsEmpty && (draft.Has(Slot.Model) || draft.Has(Slot.Input) || draft.Has(Slot.Provider))) return SpanPart.Call;
        if (draft.Has(Slot.RequestType)) return SpanPart.Call;
        if (name is "claude_code.llm_request") return SpanPart.Call;
        if (draft.Has(Slot.OperationId) && !draft.Has(Slot.ToolName) && draft.Has(Slot.Model)) return SpanPart.Call;
        // A provider of generative AI on a span that says no more: an older instrumentation's model call.
        if (draft.Has(Slot.Provider) && (draft.Has(Slot.Model) || draft.Has(Slot.Input) || draft.Has(Slot.Output))) return SpanPart.Call;
        if (draft.Has(Slot.ToolName)) return SpanPart.Tool;
        return draft.Has(Slot.HttpMethod) || SpanNames.IsPlumbing(name) || name is "decide" ? SpanPart.Plumbing : SpanPart.Step;
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => System.Text.Ascii.EqualsIgnoreCase(text, word);

    private string? Meaning(string name, string? model)
    {
        if (_meanings.TryGetValue((name, model), out var meaning)) return meaning;
        if (_meanings.Count == MostNames) _meanings.Clear();
        return _meanings[(name, model)] = SpanNames.Meaning(name, model);
    }

    private string Provider(string? provider, string model)
    {
        if (_providers.TryGetValue((provider, model), out var known)) return known;
        if (_providers.Count == MostNames) _providers.Clear();
        return _providers[(provider, model)] = ProviderNames.Of(provider, model);
    }

    private ImportedCall ReadCall(SpanDraft draft, string model, string? service, bool simulated)
    {
        ReadContent(draft);
        var usage = ReadUsage(draft, out var rule);
        var status = draft.Whole(Slot.HttpStatus);
        var failed = draft.StatusCode == 2 || status >= 400 || draft.Has(Slot.ErrorType);
        var finish = FinishReason(draft);
        return new ImportedCall
        {
            Source = OtlpFormat.SourceName, Key = "", Provider = Provider(draft.Text(Slot.Provider, _names), model), Model = model,
            StartedAt = Time(draft.Start), LatencyMicros = draft.End > draft.Start ? (draft.End - draft.Start) / 1000 : null, FirstByteMicros = FirstByte(draft),
            Usage = usage, UsageRule = rule, ReportedCostNanoUsd = ReadCost(draft),
            Status = failed ? ImportedStatus.Failed : ImportedStatus.Answered,
            Error = failed ? draft.Text(Slot.ErrorType, _names) ?? draft.Text(Slot.ExceptionType, _names) ?? (status >= 400 ? $"HTTP {status}" : "error") : null,
            FinishReason = finish, Team = service,
            Verdicts = draft.Verdicts.Count > 0 ? [.. draft.Verdicts] : [],
            Temperature = draft.Real(Slot.Temperature) ?? _content.Temperature,
            MaxTokens = (draft.Whole(Slot.MaxTokens) ?? _content.MaxTokens) is > 0 and <= int.MaxValue and { } most ? (int)most : null,
            Output = _content.Output, Effort = draft.Text(Slot.Effort, _names) ?? LogText.Name(_content.Effort),
            Tools = Shared(_content.Tools), ToolCalls = Shared(_content.ToolCalls), Content = _content.ToContent(), Simulated = simulated,
        };
    }

    // The names of tools come again with every call of a site: keep one copy of each.
    private ImmutableArray<string> Shared(ImmutableArray<string> names)
    {
        if (names.IsDefaultOrEmpty) return names;
        var array = ImmutableCollectionsMarshal.AsArray(names)!;
        Span<byte> utf8 = stackalloc byte[LogText.LongestName * 3];
        for (var i = 0; i < array.Length; i++) array[i] = _names.Get(utf8[..Encoding.UTF8.GetBytes(array[i], utf8)]);
        return names;
    }

    private static DateTimeOffset Time(long nanos) => DateTimeOffset.UnixEpoch.AddTicks(nanos / 100);

    private static long? FirstByte(SpanDraft draft)
    {
        if (draft.Real(Slot.FirstChunkSeconds) is >= 0 and < 1e6 and { } seconds) return (long)Math.Round(seconds * 1e6);
        if (draft.Real(Slot.FirstChunkMillis) is >= 0 and < 1e9 and { } millis) return (long)Math.Round(millis * 1e3);
        if (draft.FirstContent > draft.Start) return (draft.FirstContent - draft.Start) / 1000;
        var told = draft.Bytes(Slot.CompletionStart).Trim((byte)'"');
        if (told.IsEmpty || !DateTimeOffset.TryParse(Encoding.UTF8.GetString(told), null, System.Globalization.DateTimeStyles.AssumeUniversal, out var at)) return null;
        var micros = (at - Time(draft.Start)).Ticks / 10;
        return micros is >= 0 and < 1_000_000_000_000 ? micros : null;
    }

    private string? FinishReason(SpanDraft draft)
    {
        var told = draft.Bytes(Slot.FinishReasons);
        if (told.Length > 0 && told[0] == '[')
        {
            // One for each choice, and requests for several are rare: the first.
            var open = told.IndexOf((byte)'"');
            var close = open < 0 ? -1 : told[(open + 1)..].IndexOf((byte)'"');
            told = close < 0 ? default : told.Slice(open + 1, close);
        }
        return LogText.FinishReason(_names.Name(told) ?? _content.FinishReason);
    }

    private static TokenUsage ReadUsage(SpanDraft draft, out UsageRule rule)
    {
        var write = draft.Whole(Slot.CacheWrite);
        var writeLong = draft.Whole(Slot.CacheWriteLong);
        var figures = new UsageFigures
        {
            Input = draft.Whole(Slot.Input), CacheRead = draft.Whole(Slot.CacheRead),
            // The split by lifetime is a part of the sum.
            CacheWrite = write is not null && writeLong is not null ? Math.Max(0, write.Value - writeLong.Value) : write, CacheWriteLong = writeLong,
            AudioInput = draft.Whole(Slot.AudioInput), Output = draft.Whole(Slot.Output), Reasoning = draft.Whole(Slot.Reasoning), AudioOutput = draft.Whole(Slot.AudioOutput),
            Total = draft.Whole(Slot.Total),
        };
        if (figures.CacheWrite is null && figures.Input is not null && draft.Has(Slot.ProviderMetadata)) figures.CacheWrite = ProviderCacheWrite(draft.Bytes(Slot.ProviderMetadata));

        TokenUsage usage;
        if (figures.Input is null && figures.Output is null && draft.Has(Slot.UsageDetails)) usage = ReadUsageDetails(draft.Bytes(Slot.UsageDetails), out rule);
        else usage = UsageRules.Reconcile(figures, draft.Has(Slot.Input) && draft.Rank(Slot.Input) == AttributeNames.ClaudeCodeInputRank ? PartRule.Beside : PartRule.Inside, PartRule.Inside, out rule);

        var source = draft.Bytes(Slot.UsageSource);
        if (source.SequenceEqual("estimated"u8)) usage = usage with { Source = UsageSource.Estimated };
        else if (source.SequenceEqual("estimated_partial"u8)) usage = usage with { Source = UsageSource.EstimatedPartial };
        var tier = draft.Bytes(Slot.ServiceTier);
        if (tier.SequenceEqual("flex"u8)) usage = usage with { Tier = ServiceTier.Flex };
        else if (tier.SequenceEqual("priority"u8) || tier.SequenceEqual("fast"u8)) usage = usage with { Tier = ServiceTier.Priority };
        return usage;
    }

    private static TokenUsage ReadUsageDetails(ReadOnlySpan<byte> json, out UsageRule rule)
    {
        var sum = new LangfuseUsage();
        try
        {
            var reader = new Utf8JsonReader(json);
            Span<char> key = stackalloc char[128];
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.ValueSpan.Length > key.Length) continue;
                var length = reader.CopyString(key);
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var count)) sum.Add(key[..length], (long)Math.Clamp(count, -1, 1e15));
                else if (reader.TokenType == JsonTokenType.String && long.TryParse(reader.ValueSpan, out var told)) sum.Add(key[..length], told);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Cut off: what was read up to there holds.
        }
        return sum.Complete(out rule);
    }

    // Written to the cache, which the AI SDK tells only in the provider's own block.
    private static long? ProviderCacheWrite(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("cacheCreationInputTokens"u8)) continue;
                return reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) ? count : null;
            }
        }
        catch (JsonException)
        {
            // Not told, then.
        }
        return null;
    }

    private static long? ReadCost(SpanDraft draft)
    {
        if (draft.Rank(Slot.Cost) == 0 && draft.Real(Slot.Cost) is { } own) return Nano(own);
        if (draft.Has(Slot.CostDetails) && SumOfCosts(draft.Bytes(Slot.CostDetails)) is { } sum) return Nano(sum);
        if (draft.Whole(Slot.CostMicros) is >= 0 and < 1_000_000_000_000 and { } micros) return micros * 1000;
        return draft.Real(Slot.Cost) is { } told ? Nano(told) : null;
    }

    private static long? Nano(double usd) => usd is >= 0 and < 9e9 ? (long)Math.Round(usd * 1e9) : null;

    private static double? SumOfCosts(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            double? sum = null;
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isTotal = reader.ValueTextEquals("total"u8);
                reader.Read();
                if (reader.TokenType != JsonTokenType.Number) reader.Skip();
                else if (isTotal) return reader.GetDouble();
                else sum = (sum ?? 0) + reader.GetDouble();
            }
            return sum;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private (string? Tag, string? Role, ImportedTagSource Source) ReadTag(SpanDraft draft)
    {
        var tag = LogText.Tag(draft.Text(Slot.Tag, _names));
        var role = LogText.Tag(draft.Text(Slot.Role, _names));
        if ((tag is null || role is null) && draft.Has(Slot.Metadata))
        {
            var (job, part) = JobReading.OfMetadata(draft.Bytes(Slot.Metadata));
            tag ??= LogText.Tag(job);
            role ??= LogText.Tag(part);
        }
        return (tag, role, tag is null ? ImportedTagSource.None : ImportedTagSource.Given);
    }

    private static string? JobOf(ReadOnlySpan<byte> tags) => LogText.Tag(JobReading.OfTags(tags));

    private void ReadContent(SpanDraft draft)
    {
        _content.Begin();
        if (draft.Has(Slot.Parameters)) ParameterReading.Read(draft.Bytes(Slot.Parameters), _content);
        if (draft.Has(Slot.ResponseSchema))
        {
            _content.Output = RequestedOutput.Schema;
            _content.Schema ??= Encoding.UTF8.GetString(draft.Bytes(Slot.ResponseSchema));
        }
        if (draft.Has(Slot.ResponseFormat)) ParameterReading.ReadFormat(draft.Bytes(Slot.ResponseFormat), _content);
        if (draft.Has(Slot.OutputType)) ParameterReading.ReadFormat(draft.Bytes(Slot.OutputType), _content);
        if (draft.Has(Slot.ToolChoice)) ParameterReading.ReadToolChoice(draft.Bytes(Slot.ToolChoice), _content);
        if (draft.Has(Slot.ToolDefinitions)) ParameterReading.ReadTools(draft.Bytes(Slot.ToolDefinitions), _content);
        if (draft.Has(Slot.System)) _reading.ReadSystem(draft.Bytes(Slot.System));
        if (draft.Parts.Count > 0) ReadParts(draft);

        // Messages in pieces say the same as the value in whole, and say it better.
        if (draft.Has(Slot.InputMessages) && !draft.HasInputParts) _reading.ReadInput(draft.Bytes(Slot.InputMessages));
        if (draft.Has(Slot.OutputMessages) && !draft.HasOutputParts) _reading.ReadOutput(draft.Bytes(Slot.OutputMessages));
        if (draft.Has(Slot.ToolCallsOut)) _reading.ReadToolCalls(draft.Bytes(Slot.ToolCallsOut));
    }

    // Attributes come in any order: gen_ai.prompt.10 may stand before gen_ai.prompt.2.
    private void ReadParts(SpanDraft draft)
    {
        _parts.Clear();
        _parts.AddRange(draft.Parts);
        _parts.Sort(static (a, b) => (a.IsOutput, a.Index, a.SubIndex, a.Part, a.Offset).CompareTo((b.IsOutput, b.Index, b.SubIndex, b.Part, b.Offset)));
        for (var at = 0; at < _parts.Count;)
        {
            var first = _parts[at];
            var next = at;
            while (next < _parts.Count && _parts[next].Index == first.Index && _parts[next].IsOutput == first.IsOutput) next++;
            ReadMessage(draft, CollectionsMarshal.AsSpan(_parts)[at..next]);
            at = next;
        }
    }

    private void ReadMessage(SpanDraft draft, ReadOnlySpan<IndexedPart> parts)
    {
        scoped var role = ReadOnlySpan<byte>.Empty;
        string? text = null;
        var isMessage = false;
        foreach (var part in parts)
        {
            var bytes = draft.Bytes(part);
            switch (part.Part)
            {
                case MessagePart.Role:
                    role = bytes;
                    isMessage |= !HasBody(parts);
                    break;
                case MessagePart.Text:
                    var piece = TextOf(bytes);
                    text = text is null ? piece : $"{text}\n{piece}";
                    isMessage = true;
                    break;
                case MessagePart.Body when part.IsOutput: _reading.ReadOutput(bytes); break;
                case MessagePart.Body: _reading.ReadInput(bytes, role); break;
                case MessagePart.ToolCall when part.IsOutput: _content.AddToolCall(_names.Name(bytes)); break;
                case MessagePart.FinishReason when part.IsOutput: _content.FinishReason ??= _names.Name(bytes); break;
                case MessagePart.ToolName: _content.AddTool(_names.Name(bytes)); break;
                case MessagePart.ToolDefinition: ParameterReading.ReadTools(bytes, _content); break;
            }
        }
        if (isMessage) _reading.Add(role, text, parts[0].IsOutput);
    }

    private static bool HasBody(ReadOnlySpan<IndexedPart> parts)
    {
        foreach (var part in parts)
        {
            if (part.Part == MessagePart.Body) return true;
        }
        return false;
    }

    // OpenLLMetry writes content of several pieces as JSON: [{"type":"text","text":"…"}].
    private string TextOf(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith("[{\"type\""u8)) return _names.Get(content);
        var pieces = new ContentDraft();
        new ContentReading(pieces, _names).ReadSystem(content);
        return pieces.System ?? "";
    }
}
