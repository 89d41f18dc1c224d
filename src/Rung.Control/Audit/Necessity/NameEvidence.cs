using System.Collections.Frozen;
using System.Text;

namespace Rung.Control.Audit;

/// <summary>What the names of a site speak of: role, tag, step, agent. Whole words only; of several words in one name the most demanding counts.</summary>
internal static class NameEvidence
{
    private static readonly FrozenDictionary<string, NecessityClass> Words = new (NecessityClass Class, string Words)[]
    {
        (NecessityClass.Planning, "plan plans planner planning replan decompose decomposition decomposer architect orchestrate orchestrator orchestration strategist strategy supervisor coordinator"),
        (NecessityClass.Judgement, "critic critique review reviewer reviews judge judging grader grade evaluate evaluator evaluation assess assessment verify verifier verification audit auditor decide decision answer answers respond response responder reply advise advisor advice recommend recommendation diagnose diagnosis synthesize synthesise synthesis chat"),
        (NecessityClass.InstructionFollowing, "worker executor execute summarize summarise summary summarizer summariser rewrite rewriter draft drafter translate translator translation edit editor implement coder code fix refactor generate generator write writer compose research researcher"),
        (NecessityClass.Mechanical, "extract extraction extractor classify classification classifier intent label labels labeler labeller rename format formatter formatting parse parser convert converter normalize normalise dedupe detect detector router triage title titles file files read list grep copy move lookup filter sort ocr redact keyword keywords sentiment fields"),
    }.SelectMany(row => row.Words.Split(' ').Select(word => KeyValuePair.Create(word, row.Class))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>At most one finding for each class: role before tag, step and agent.</summary>
    public static IEnumerable<Finding> Of(CallSite site)
    {
        var said = new HashSet<NecessityClass>();
        foreach (var (kind, name) in new[] { ("role", site.Role), ("tag", site.IsTagged ? site.Tag : null), ("step", site.Step), ("agent", site.Agent) })
        {
            if (name is null || Find(name) is not { } found || !said.Add(found.Class)) continue;
            yield return new Finding(found.Class, found.Class is NecessityClass.Planning or NecessityClass.Judgement ? 4 : 3, $"its {kind} \"{OneLine.Of(name)}\" speaks of {InWords(found.Class)} (\"{found.Word}\")");
        }
    }

    /// <summary>The most demanding word of a name; null when none is known.</summary>
    internal static (NecessityClass Class, string Word)? Find(string name)
    {
        (NecessityClass Class, string Word)? best = null;
        foreach (var word in Split(name))
        {
            if (Words.TryGetValue(word, out var necessity) && (best is null || necessity > best.Value.Class)) best = (necessity, word);
        }
        return best;
    }

    internal static string InWords(NecessityClass necessity) => necessity switch
    {
        NecessityClass.Planning => "planning",
        NecessityClass.Judgement => "judgement",
        NecessityClass.InstructionFollowing => "following instructions",
        NecessityClass.Mechanical => "a mechanical job",
        _ => "nothing known",
    };

    // extractFields, extract_fields and EXTRACT-FIELDS are the same two words.
    private static IEnumerable<string> Split(string name)
    {
        var word = new StringBuilder();
        var wasLower = false;
        foreach (var character in name)
        {
            if (word.Length > 0 && (!char.IsLetter(character) || (wasLower && char.IsUpper(character))))
            {
                yield return word.ToString();
                word.Clear();
            }
            if (char.IsLetter(character)) word.Append(char.ToLowerInvariant(character));
            wasLower = char.IsLower(character);
        }
        if (word.Length > 0) yield return word.ToString();
    }
}
