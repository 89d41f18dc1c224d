using System.Collections.Immutable;
using System.Text.Json;
using Rung.Control.Imports.Anthropic;
using Rung.Control.Imports.Reading;
using Rung.Core.Spans;

namespace Rung.Control.Imports.ClaudeCode;

/// <summary>Which answer it is. A request that is repeated with the same message is another one only on the main thread.</summary>
internal readonly record struct MessageIdentity(string Message, string? Request)
{
    public override string ToString() => Request is null ? Message : $"{Message}:{Request}";
}

/// <summary>One answer of a model, put together from the lines that tell of it: one for each block of content, each with the usage as it then was.</summary>
internal sealed class TranscriptMessage(MessageIdentity identity, bool isSidechain)
{
    private readonly List<string> _texts = [];
    private readonly List<string> _tools = [];
    private readonly HashSet<string> _toolIds = new(StringComparer.Ordinal);

    public MessageIdentity Identity { get; } = identity;
    public bool IsSidechain { get; } = isSidechain;

    /// <summary>The run that it belongs to, and its place in it.</summary>
    public string? Run { get; set; }
    public int? Position { get; set; }
    public bool? EndsRun { get; set; }
    /// <summary>When the line before it was written; null when that is not known.</summary>
    public DateTimeOffset? AskedAt { get; set; }
    /// <summary>What it answers.</summary>
    public ImmutableArray<(string Role, string Text)> Messages { get; set; } = [];

    public DateTimeOffset FirstLineAt { get; private set; }
    public DateTimeOffset LastLineAt { get; private set; }
    public string Model { get; private set; } = "";
    public string? StopReason { get; private set; }
    public string? Session { get; private set; }
    public string? Effort { get; private set; }
    public string? Folder { get; private set; }
    public string? Agent { get; private set; }
    public string? Role { get; private set; }
    public long? CostNanoUsd { get; private set; }
    /// <summary>The samplings that were billed, the answer's own last; never empty once a line was taken.</summary>
    public ImmutableArray<BilledSampling> Samplings { get; private set; } = [];

    /// <summary>The text of the answer.</summary>
    public string Answer => _texts.Count == 1 ? _texts[0] : TranscriptText.Cut(string.Join('\n', _texts));
    /// <summary>The tools that it calls.</summary>
    public ImmutableArray<string> Tools => [.. _tools];

    /// <summary>Takes a line in. The usage that holds is that of the largest line, of equal ones the last.</summary>
    /// <param name="line">A line with a usage block.</param>
    /// <param name="at">When it was written.</param>
    /// <param name="author">Agent and role of whoever wrote it.</param>
    /// <exception cref="LogRecordException">The usage block has no counts.</exception>
    public void Take(in TranscriptLine line, DateTimeOffset at, (string? Agent, string Role) author)
    {
        var samplings = BilledSampling.Of(line.Message, line.Usage);
        if (Samplings.IsEmpty)
        {
            FirstLineAt = LastLineAt = at;
            (Agent, Role) = author;
            Session = TagName.Cut(line.Session);
            Folder = line.Folder;
        }
        if (at > LastLineAt) LastLineAt = at;
        if (BilledSampling.Sum(samplings) >= BilledSampling.Sum(Samplings))
        {
            Samplings = samplings;
            Model = TagName.Cut(AnthropicMessage.TextOf(line.Message, "model")) ?? "";
            CostNanoUsd = line.CostNanoUsd ?? CostNanoUsd;
        }
        StopReason = AnthropicMessage.TextOf(line.Message, "stop_reason") ?? StopReason;
        Effort ??= line.Effort;
        TakeContent(line.Content);
    }

    // Copies of a line hold the same blocks: texts are told apart by what they say, tools by their ids.
    private void TakeContent(JsonElement content)
    {
        var text = AnthropicMessage.Text(content);
        if (text.Length > 0 && !_texts.Contains(text) && _texts.Count < AnthropicMessage.MostTools) _texts.Add(text);
        foreach (var (id, name) in AnthropicMessage.ToolCalls(content))
        {
            if (_tools.Count < AnthropicMessage.MostTools && (id is null || _toolIds.Add(id))) _tools.Add(name);
        }
    }
}

/// <summary>One sampling that was billed: usually the whole answer; several where the provider compacted the conversation or asked an advisor in between.</summary>
/// <param name="Step">What it was for: <c>compaction</c>, <c>advisor</c>; null for the answer itself.</param>
/// <param name="Model">The model, where it is another than the answer's; else null.</param>
/// <param name="Usage">What it used.</param>
/// <param name="PricePermille">What multiplies its list price, in thousandths.</param>
internal sealed record BilledSampling(string? Step, string? Model, TokenUsage Usage, int PricePermille)
{
    /// <summary>The samplings of a message.</summary>
    public static ImmutableArray<BilledSampling> Of(JsonElement message, JsonElement usage)
    {
        var model = AnthropicMessage.TextOf(message, "model") ?? "";
        if (!AnthropicMessage.TryUsage(usage, out var whole)) throw new LogRecordException("message.usage has no token counts that can be true.");
        var speed = AnthropicMessage.TextOf(usage, "speed");
        var geo = AnthropicMessage.TextOf(usage, "inference_geo");
        var tier = AnthropicMessage.TextOf(usage, "service_tier");
        var alone = new BilledSampling(null, null, whole, AnthropicPricing.Permille(model, speed, geo, tier));
        if (!usage.TryGetProperty("iterations", out var iterations) || iterations.ValueKind != JsonValueKind.Array || iterations.GetArrayLength() == 0) return [alone];

        var samplings = new List<BilledSampling>();
        foreach (var iteration in iterations.EnumerateArray())
        {
            if (!AnthropicMessage.TryUsage(iteration, out var used)) continue;
            var other = TagName.Cut(AnthropicMessage.TextOf(iteration, "model"));
            if (other == model) other = null;
            var step = AnthropicMessage.TypeOf(iteration) switch { "compaction" => "compaction", "advisor_message" => "advisor", _ => null };
            samplings.Add(new BilledSampling(step, other, used, AnthropicPricing.Permille(other ?? model, speed, geo, tier)));
        }
        // A list that leaves out a part of the whole is not the whole: a line that was written while the answer came.
        return samplings.Count == 0 || Sum(samplings) < Total(whole) ? [alone] : [.. samplings.OrderBy(sampling => sampling.Step is null)];
    }

    /// <summary>All tokens of several samplings.</summary>
    public static long Sum(IReadOnlyList<BilledSampling> samplings) => samplings.Sum(sampling => Total(sampling.Usage));

    private static long Total(in TokenUsage usage) => usage.Input + usage.Output;
}
