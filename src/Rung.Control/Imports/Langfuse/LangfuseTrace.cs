using Rung.Control.Imports.Reading;

namespace Rung.Control.Imports.Langfuse;

/// <summary>The observations of one trace while they wait, and what standing together tells of each.</summary>
internal sealed class LangfuseTrace
{
    // A chain of parents that is longer is a loop in the data.
    private const int Deepest = 64;

    private readonly Dictionary<string, LangfuseObservation> observations = new(StringComparer.Ordinal);

    /// <summary>Observations that wait.</summary>
    public int Count => observations.Count;

    /// <summary>Characters of content among them.</summary>
    public long Characters { get; private set; }

    /// <summary>Whether one of them needs the record of the trace.</summary>
    public bool NeedsNames { get; private set; }

    /// <summary>Takes one; false when it is here already.</summary>
    public bool Add(LangfuseObservation observation)
    {
        if (!observations.TryAdd(observation.Id, observation)) return false;
        Characters += observation.Characters;
        NeedsNames |= observation.NeedsNames;
        return true;
    }

    /// <summary>Hands the calls over, in the order of their time.</summary>
    /// <param name="names">The trace's own record; null when it has not come.</param>
    /// <param name="scoresOf">The judgements of an observation; null when there are none.</param>
    /// <param name="ofTrace">The judgements of the whole trace: they judge what it ended with, so its last call gets them.</param>
    /// <param name="sink">Takes the calls.</param>
    public void Release(LangfuseTraceNames? names, Func<string, List<ImportedVerdict>?> scoresOf, List<ImportedVerdict>? ofTrace, IImportSink sink)
    {
        var steps = observations.Values.OrderBy(step => step.StartedAt).ThenBy(step => step.Id, StringComparer.Ordinal).ToList();
        var repeating = FindRepeating(steps);
        var last = steps.FindLastIndex(step => step.Call is not null && !repeating.Contains(step.Id));
        var position = 0;
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            if (step.Call is null) continue;
            if (repeating.Contains(step.Id))
            {
                sink.Leave(LeftOut.RepeatsChildren);
                continue;
            }
            var verdicts = scoresOf(step.Id) ?? [];
            if (i == last && ofTrace is not null) verdicts = [.. verdicts, .. ofTrace];
            var inTrace = step.TraceId is not null;
            sink.Add(Named(step, names) with
            {
                RunPosition = inTrace ? position : null,
                EndsRun = inTrace ? i == last : null,
                FollowedBy = Next(steps, i, repeating),
                Verdicts = [.. verdicts],
            });
            position++;
        }
    }

    private ImportedCall Named(LangfuseObservation step, LangfuseTraceNames? names)
    {
        var trace = step.Trace.Or(names);
        var job = step.Names ?? new JobNames();
        job.ReadLabels(trace.Labels);
        job.Infer(step.Prompt);
        if (IsTelling(step.Name)) job.GiveStep(step.Name);
        for (var above = Parent(step); above is not null; above = Parent(above.Value.Step, above.Value.Depth))
        {
            var (parent, _) = above.Value;
            if (parent.Type == "AGENT") job.GiveAgent(parent.Name);
            if (IsTelling(parent.Name)) job.GiveStep(parent.Name);
        }
        if (IsTelling(trace.Name)) job.GiveStep(trace.Name);
        job.GiveUser(trace.User);
        job.GiveSession(trace.Session);
        return job.ApplyTo(step.Call!);
    }

    private (LangfuseObservation Step, int Depth)? Parent(LangfuseObservation step, int depth = 0) =>
        depth < Deepest && step.ParentId is { } id && observations.TryGetValue(id, out var parent) && parent != step ? (parent, depth + 1) : null;

    // What came next and is neither around the call nor inside it.
    private string? Next(List<LangfuseObservation> steps, int at, HashSet<string> repeating)
    {
        for (var i = at + 1; i < steps.Count; i++)
        {
            var next = steps[i];
            if (next.Name is null || next.Type == "EVENT" || repeating.Contains(next.Id) || IsBelow(next, steps[at]) || IsBelow(steps[at], next)) continue;
            return next.Name;
        }
        return null;
    }

    private bool IsBelow(LangfuseObservation step, LangfuseObservation ancestor)
    {
        for (var above = Parent(step); above is not null; above = Parent(above.Value.Step, above.Value.Depth))
        {
            if (above.Value.Step == ancestor) return true;
        }
        return false;
    }

    // A framework and the client library under it both report the call: the outer one has the sum of the inner ones, or nothing.
    private HashSet<string> FindRepeating(List<LangfuseObservation> steps)
    {
        var below = new Dictionary<string, (long Input, long Output)>(StringComparer.Ordinal);
        foreach (var step in steps)
        {
            if (step.Call is null) continue;
            for (var above = Parent(step); above is not null; above = Parent(above.Value.Step, above.Value.Depth))
            {
                if (above.Value.Step == step) break; // Parents in a circle.
                if (above.Value.Step.Call is null) continue;
                var sum = below.GetValueOrDefault(above.Value.Step.Id);
                below[above.Value.Step.Id] = (sum.Input + step.Call.Usage.Input, sum.Output + step.Call.Usage.Output);
                break; // Only the nearest call above: it passes its own sum on.
            }
        }
        var repeating = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (id, sum) in below)
        {
            var own = observations[id].Call!.Usage;
            if ((own.Input, own.Output) == sum || own.Input + own.Output == 0) repeating.Add(id);
        }
        return repeating;
    }

    // Names that client libraries give to every call say nothing of the job.
    private static bool IsTelling(string? name)
    {
        if (name is null) return false;
        var word = name.ToLowerInvariant();
        return !(word.Contains("openai", StringComparison.Ordinal) || word.Contains("litellm", StringComparison.Ordinal) || word.Contains("anthropic", StringComparison.Ordinal)
            || word.StartsWith("chat", StringComparison.Ordinal) || word.Contains("bedrock", StringComparison.Ordinal) || word.Contains("generatecontent", StringComparison.Ordinal)
            || word is "generation" or "llm" or "completion" or "embedding" or "embeddings" or "runnablesequence" or "langgraph" or "call_model" or "model" or "agent" or "trace"
            || word.Contains("runnable", StringComparison.Ordinal) || word.StartsWith("ai.generatetext", StringComparison.Ordinal) || word.StartsWith("ai.streamtext", StringComparison.Ordinal)
            || word.StartsWith("ai.generateobject", StringComparison.Ordinal) || ProviderNames.Of(null, name).Length > 0);
    }
}
