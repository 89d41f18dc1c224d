namespace Rung.Control.Audit.Sites;

/// <summary>Turns the clusters of sources into sites: evidence, confidence, words for a name.</summary>
/// <param name="fields">Names of the top fields of known schemas.</param>
/// <param name="toolNames">Names of the tools of known sets.</param>
internal sealed class SiteDrafts(IReadOnlyDictionary<ulong, string[]> fields, IReadOnlyDictionary<ulong, string[]> toolNames)
{
    /// <summary>The sites of one source.</summary>
    public IEnumerable<SiteDraft> Of(SourceGroup group)
    {
        var jobs = ClusterJoin.Of(group);
        // Sentences that stand in several jobs of the source cannot stand for one of them.
        var uses = new Dictionary<TemplateItem, int>();
        foreach (var job in jobs)
        {
            foreach (var item in job.SelectMany(cluster => cluster.Core).Distinct()) uses[item] = uses.GetValueOrDefault(item) + 1;
        }
        foreach (var job in jobs) yield return Of(group, job, jobs.Count == 1, uses);
    }

    private SiteDraft Of(SourceGroup group, IReadOnlyList<TemplateCluster> job, bool isAlone, Dictionary<TemplateItem, int> uses)
    {
        var first = job[0];
        var tally = first.Tally;
        foreach (var cluster in job.Skip(1)) tally.Add(cluster.Tally);
        var isStep = group.Step is not null && isAlone;
        var sentences = first.Core.Count(item => item.IsSentence);
        return new SiteDraft
        {
            Tally = tally,
            Parts = [.. job.Select(cluster => cluster.Tally)],
            SharedSentences = sentences,
            Words = WordsOf(group, first, tally, isStep),
            IsNamed = isStep,
            Confidence = ConfidenceOf(group, first, isStep, sentences),
            GroupedBy = GroundsOf(group, job, isStep, sentences),
            Evidence = isStep ? TextHash.Join(group.Key, 1) : TextHash.Join(group.Key, AnchorOf(first, uses)),
        };
    }

    /// <summary>The first sentence that only this job has; else its schema, its tools, its parameters. One sentence, so that an edit elsewhere changes nothing.</summary>
    private static ulong AnchorOf(TemplateCluster cluster, Dictionary<TemplateItem, int> uses)
    {
        foreach (var item in cluster.Core)
        {
            if (item.IsSentence && uses[item] == 1) return TextHash.Join(item.Key, 2);
        }
        var form = TextHash.Join(TextHash.Join(cluster.Schema ?? 0, cluster.Tools ?? 0), cluster.Request ?? 0);
        var text = cluster.Core.IsEmpty ? cluster.Key : cluster.Core[0].Key;
        return TextHash.Join(text, form);
    }

    private static double ConfidenceOf(SourceGroup group, TemplateCluster cluster, bool isStep, int sentences)
    {
        if (isStep) return group.Agent is not null ? 0.95 : 0.9;
        var isFormTold = (cluster.Tools ?? 0) != 0 || (cluster.Schema ?? 0) != 0;
        var confidence = cluster switch
        {
            { IsLoose: true, HasContent: false, Parameters: "model" } => 0.25,
            { IsLoose: true, HasContent: false } => isFormTold ? 0.65 : 0.4,
            { IsLoose: true } => isFormTold ? 0.5 : 0.3,
            _ => sentences switch { >= 3 => 0.85, 2 => 0.8, 1 => 0.7, _ => 0.55 } + (isFormTold ? 0.05 : 0),
        };
        return Math.Min(0.92, confidence + (group.Agent is not null || group.Step is not null ? 0.05 : 0));
    }

    private static string GroundsOf(SourceGroup group, IReadOnlyList<TemplateCluster> job, bool isStep, int sentences)
    {
        var grounds = new List<string>();
        if (group.Agent is not null) grounds.Add("agent");
        if (group.Step is not null) grounds.Add("step");
        if (group.Role is not null) grounds.Add("role");
        if (!isStep)
        {
            var first = job[0];
            if (sentences > 0) grounds.Add(sentences == 1 ? "one sentence of the prompt" : $"{sentences} sentences of the prompt");
            else if (!first.IsLoose) grounds.Add("the prompt's first words");
            if ((first.Tools ?? 0) != 0) grounds.Add("the set of tools");
            if ((first.Schema ?? 0) != 0) grounds.Add("the schema");
            if (first.Parameters == "parameters") grounds.Add("parameters");
            if (first.Parameters == "model") grounds.Add("model and team only");
            if (first is { IsLoose: true, HasContent: true }) grounds.Add("no template in common");
        }
        return string.Join(", ", grounds);
    }

    /// <summary>Words that name makers, tools, fields and forms; never words of a prompt or an answer.</summary>
    private string WordsOf(SourceGroup group, TemplateCluster cluster, SiteTally tally, bool isStep)
    {
        var maker = group.Step is null ? group.Agent
            : group.Agent is null || group.Step.StartsWith(group.Agent, StringComparison.Ordinal) ? group.Step
            : $"{group.Agent}-{group.Step}";
        maker ??= group.Role;
        if (isStep) return maker!;
        var form = FormOf(cluster, tally);
        return maker is null ? form : $"{maker}-{form}";
    }

    private string FormOf(TemplateCluster cluster, SiteTally tally)
    {
        if (cluster.Schema is > 0 and var schema && fields.TryGetValue(schema, out var names) && names.Length > 0) return "json-" + string.Join('-', names.Take(2));
        if (cluster.Tools is > 0 and var tools && toolNames.TryGetValue(tools, out names) && names.Length > 0) return "tools-" + string.Join('-', names.Take(2));
        var shapes = tally.Shapes;
        var top = OutputShape.Unknown;
        for (var shape = OutputShape.Empty; shape <= OutputShape.Text; shape++)
        {
            if (shapes[(int)shape] > (top == OutputShape.Unknown ? 0 : shapes[(int)top])) top = shape;
        }
        return top switch
        {
            OutputShape.Label => "label",
            OutputShape.Json => "json",
            OutputShape.ToolCalls => "tool-calls",
            OutputShape.Code => "code",
            OutputShape.Text => "text",
            _ => (cluster.Request ?? 0) is (byte)Imports.RequestedOutput.Json or (byte)Imports.RequestedOutput.Schema ? "json" : "calls",
        };
    }
}
