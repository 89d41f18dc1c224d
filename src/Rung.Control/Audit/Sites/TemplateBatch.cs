using System.Runtime.InteropServices;
using Rung.Control.Audit.Traits;

namespace Rung.Control.Audit.Sites;

/// <summary>
/// Finds the templates among at most 256 calls of one source. What calls have in common is split off from the top: first by what most of them share, then, among
/// calls that share a template, only where a closed set of alternatives takes its place (a task behind a common preamble), not where content varies.
/// </summary>
/// <remarks>
/// Calls vote by *voices*: the turns of one conversation repeat their first message and are one voice, and the same prompt sent again and again has eight at most. So a
/// long conversation is not taken for a template. Sentences that fewer than three voices have are content.
/// </remarks>
internal sealed class TemplateBatch
{
    /// <summary>Most calls of a batch.</summary>
    public const int Most = 256;

    private const int Least = 3, MostRepeats = 8, MostLeaves = 64;
    private const double Nearly = 0.95;

    private readonly IReadOnlyList<SeenCall> calls;
    private readonly int[] voiceOf;
    private readonly List<int> callOfVoice = [];
    private readonly List<Bundle> bundles;
    private readonly List<Leaf> leaves = [];

    /// <summary>Calls that belong together.</summary>
    /// <param name="Calls">Their places in the batch.</param>
    /// <param name="Cluster">What they share, without calls; null when they share too little.</param>
    internal sealed record Leaf(IReadOnlyList<int> Calls, TemplateCluster? Cluster);

    /// <summary>Items that exactly the same voices have.</summary>
    private sealed record Bundle(VoiceSet Voices, List<TemplateItem> Items)
    {
        public double Weight { get; } = Items.Sum(item => item.Weight);
        public double TextWeight { get; } = Items.Where(item => item.IsText).Sum(item => item.Weight);
    }

    private TemplateBatch(IReadOnlyList<SeenCall> calls)
    {
        this.calls = calls;
        voiceOf = new int[calls.Count];
        GiveVoices();
        bundles = FindBundles();
    }

    /// <summary>Splits the calls.</summary>
    public static IReadOnlyList<Leaf> Split(IReadOnlyList<SeenCall> calls)
    {
        var batch = new TemplateBatch(calls);
        batch.Split(VoiceSet.First(batch.callOfVoice.Count), isRest: false);
        return batch.leaves;
    }

    private void GiveVoices()
    {
        var voices = new Dictionary<ulong, int>();
        var repeats = new Dictionary<ulong, int>();
        for (var i = 0; i < calls.Count; i++)
        {
            var (call, traits) = (calls[i].Call, calls[i].Traits);
            var hash = TextHash.Join(TextHash.Join(traits.ToolSet, traits.Schema), TemplateCluster.RequestOf(call));
            hash = TextHash.Of(MemoryMarshal.AsBytes(traits.Template.AsSpan()), hash);
            if (calls[i].HasHistory == true)
            {
                hash = TextHash.Join(hash, TextHash.Of(call.Session ?? call.Run));
            }
            else
            {
                // The same prompt again has a voice of its own at first, for there are jobs that always say the same.
                hash = TextHash.Join(hash, traits.Prompt);
                ref var times = ref CollectionsMarshal.GetValueRefOrAddDefault(repeats, hash, out _);
                hash = TextHash.Join(hash, (ulong)Math.Min(times++, MostRepeats - 1));
            }
            if (!voices.TryGetValue(hash, out var voice))
            {
                voices.Add(hash, voice = callOfVoice.Count);
                callOfVoice.Add(i);
            }
            voiceOf[i] = voice;
        }
    }

    private List<Bundle> FindBundles()
    {
        var voices = new Dictionary<TemplateItem, VoiceSet>();
        var order = new List<TemplateItem>();
        Span<TemplateItem> items = stackalloc TemplateItem[TemplateReader.MostPieces];
        for (var voice = 0; voice < callOfVoice.Count; voice++)
        {
            var seen = calls[callOfVoice[voice]];
            var count = TemplateItem.Of(seen.Traits, items);
            foreach (var item in items[..count]) Add(item, voice);
            if (seen.Traits.ToolSet != 0) Add(new TemplateItem(ItemKind.Tools, seen.Traits.ToolSet), voice);
            if (seen.Traits.Schema != 0) Add(new TemplateItem(ItemKind.Schema, seen.Traits.Schema), voice);
            if (TemplateCluster.RequestOf(seen.Call) is > 0 and var request) Add(new TemplateItem(ItemKind.Request, request), voice);
        }
        var found = new Dictionary<VoiceSet, List<TemplateItem>>();
        foreach (var item in order)
        {
            var set = voices[item];
            if (set.Count < Least) continue;
            if (!found.TryGetValue(set, out var bundle)) found.Add(set, bundle = []);
            bundle.Add(item);
        }
        return [.. found.Select(pair => new Bundle(pair.Key, pair.Value))];

        void Add(TemplateItem item, int voice)
        {
            ref var set = ref CollectionsMarshal.GetValueRefOrAddDefault(voices, item, out var isKnown);
            if (!isKnown) order.Add(item);
            set = set.With(voice);
        }
    }

    private void Split(VoiceSet all, bool isRest)
    {
        var size = all.Count;
        var (shared, total, sharedSystem, parts) = Parts(all, size);
        if (size < 2 * Least || leaves.Count >= MostLeaves || parts.Count == 0)
        {
            AddLeaf(all, isRest);
            return;
        }
        if (shared < 1)
        {
            // They share nothing, so they are several jobs or none: split off what most of them have. Of parts of about that size the one that says most, for a
            // sentence that many documents hold is as frequent as a template, but stands alone.
            var most = parts.Max(part => part.Voices.Count);
            var largest = parts.Where(part => part.Voices.Count >= 0.6 * most).MaxBy(part => (part.Weight + (HasOpening(part) ? 2 : 0), part.Voices.Count))!;
            Split(largest.Voices, isRest: false);
            Split(all - largest.Voices, isRest);
            return;
        }
        var (alternatives, rest) = Alternatives(all, parts);
        if (!AreJobs(alternatives, rest, size, (shared, total, sharedSystem)))
        {
            AddLeaf(all, isRest);
            return;
        }
        foreach (var alternative in alternatives) Split(alternative.Voices, isRest: false);
        if (rest.Count > 0) Split(rest, isRest: rest.Count < Math.Max(12, 0.2 * size));
    }

    /// <summary>
    /// What nearly all of a set have (its text weight, and how many pieces of system prompts are in it), the weight of what returns in a mean call, and the parts by which
    /// the set could be split.
    /// </summary>
    private (double Shared, double Total, int SharedSystem, List<Bundle> Parts) Parts(VoiceSet all, int size)
    {
        var (shared, total, sharedSystem) = (0.0, 0.0, 0);
        var found = new Dictionary<VoiceSet, List<TemplateItem>>();
        var order = new List<VoiceSet>();
        foreach (var bundle in bundles)
        {
            var voices = bundle.Voices & all;
            var count = voices.Count;
            if (count < Least) continue;
            total += bundle.TextWeight * count / size;
            if (count >= Nearly * size)
            {
                shared += bundle.TextWeight;
                sharedSystem += bundle.Items.Count(item => item.Kind == ItemKind.System);
                continue;
            }
            if (!found.TryGetValue(voices, out var items))
            {
                found.Add(voices, items = []);
                order.Add(voices);
            }
            items.AddRange(bundle.Items);
        }
        var parts = new List<Bundle>();
        foreach (var voices in order)
        {
            var part = new Bundle(voices, found[voices]);
            if (part.Weight >= 1 || IsOpeningOf(part, size)) parts.Add(part);
        }
        return (shared, total, sharedSystem, parts);
    }

    /// <summary>Four opening words and nothing else make a template only when many calls begin so: "Write a poem about …".</summary>
    private static bool IsOpeningOf(Bundle part, int size) =>
        part.Voices.Count >= Math.Max(12, 0.15 * size) && HasOpening(part);

    private static bool HasOpening(Bundle part) => part.Items.Exists(item => item.IsText && new TemplatePiece(item.Value).IsOpening);

    /// <summary>Parts that exclude each other, the largest first, and what none of them covers.</summary>
    private static (List<Bundle> Alternatives, VoiceSet Uncovered) Alternatives(VoiceSet all, List<Bundle> parts)
    {
        var (alternatives, covered) = (new List<Bundle>(), default(VoiceSet));
        foreach (var part in parts.OrderByDescending(part => part.Voices.Count).ThenByDescending(part => part.Weight))
        {
            var overlap = (part.Voices & covered).Count;
            if (overlap > 0.05 * part.Voices.Count) continue;
            var own = part.Voices - covered;
            if (own.Count < Least) continue;
            alternatives.Add(part with { Voices = own });
            covered |= own;
        }
        return (alternatives, all - covered);
    }

    /// <summary>Whether what varies behind a shared template is the job and not its content.</summary>
    private bool AreJobs(List<Bundle> alternatives, VoiceSet rest, int size, (double Weight, double Total, int System) shared)
    {
        if (alternatives.Count == 0) return false;
        // Calls with the shared part and nothing else in the system prompt are an alternative, too; calls with something rare in its place are not.
        var coverage = IsPlain(rest, shared.System) && InSystem(alternatives) ? 1 : 1 - ((double)rest.Count / size);
        if (coverage >= 0.5 && BeginPrompts(alternatives) && !AreRepeats(alternatives)) return true;
        var isTold = AreToldApart(alternatives, rest);
        if (alternatives.Count == 1 || coverage < 0.8)
        {
            // One section that some calls have is an option of the template, unless the answers differ with it, or it is as long as the template.
            if (!isTold && !(alternatives.Count <= 3 && alternatives[0].TextWeight >= shared.Weight && alternatives[0].TextWeight >= 2)) return false;
            if (coverage < 0.5 && alternatives.Count > 3) return false;
        }
        if (AreSlots(alternatives)) return false;
        if (AreRepeats(alternatives)) return false;
        return alternatives.Count <= MostAlternatives(alternatives, isTold, shared.Weight / Math.Max(shared.Total, 1));
    }

    /// <summary>Whether nearly every alternative is how a prompt begins: what is shared then is a sentence that many templates have, and no preamble.</summary>
    private bool BeginPrompts(List<Bundle> alternatives)
    {
        var (begin, all) = (0, 0);
        foreach (var part in alternatives)
        {
            var hasSystem = Enumerable.Range(0, callOfVoice.Count).Any(voice => part.Voices.Contains(voice) && calls[callOfVoice[voice]].Traits.SystemPieces > 0);
            all += part.Voices.Count;
            if (part.Items.Exists(item => item.Kind == (hasSystem ? ItemKind.System : ItemKind.Message) && new TemplatePiece(item.Value).IsOpening)) begin += part.Voices.Count;
        }
        return alternatives.Count > 1 && begin >= 0.8 * all;
    }

    /// <summary>Jobs behind one preamble are few; passages and documents are many. What is shared, and where the alternatives stand, moves the limit.</summary>
    private static int MostAlternatives(List<Bundle> alternatives, bool isTold, double share)
    {
        if (isTold) return 40;
        if (InSystem(alternatives)) return share switch { < 0.15 => 64, < 0.4 => 24, _ => 12 };
        var atStart = alternatives.Count(HasOpening);
        return atStart * 2 >= alternatives.Count ? 12 : 4;
    }

    private static bool InSystem(List<Bundle> alternatives) =>
        alternatives.Count(part => part.Items.Exists(item => item.Kind is ItemKind.System or ItemKind.Tools or ItemKind.Schema)) * 2 >= alternatives.Count;

    private bool IsPlain(VoiceSet rest, int sharedSystem)
    {
        var plain = Enumerable.Range(0, callOfVoice.Count).Count(voice => rest.Contains(voice) && calls[callOfVoice[voice]].Traits.SystemPieces <= sharedSystem + 1);
        return rest.Count >= Least && plain >= 0.8 * rest.Count;
    }

    /// <summary>Whether forms of answers and parameters differ between the alternatives and are the same within.</summary>
    private bool AreToldApart(List<Bundle> alternatives, VoiceSet rest)
    {
        var (first, other, mixed) = (0UL, 0, 0);
        var sets = rest.Count >= Least ? alternatives.Select(part => part.Voices).Append(rest) : alternatives.Select(part => part.Voices);
        var total = 0;
        foreach (var voices in sets)
        {
            var profiles = new BoundedCounts<ulong>(Most);
            for (var voice = 0; voice < callOfVoice.Count; voice++)
            {
                if (voices.Contains(voice)) profiles.Add(TemplateCluster.ProfileOf(calls[callOfVoice[voice]]));
            }
            var top = profiles.ByCount().First();
            total += (int)profiles.Total;
            if (profiles[top] < 0.85 * profiles.Total) mixed += (int)profiles.Total;
            else if (first == 0) first = top;
            else if (top != first) other += (int)profiles.Total;
        }
        return mixed < 0.3 * total && other >= 0.15 * total;
    }

    /// <summary>Whether every alternative is another value in the same sentence.</summary>
    private static bool AreSlots(List<Bundle> alternatives)
    {
        if (alternatives.Count < 2) return false;
        var first = alternatives[0].Items.Where(item => item.IsSentence).ToList();
        return alternatives.TrueForAll(part => part.Items.TrueForAll(item => item.IsText))
            && first.Count <= 2
            && alternatives.Skip(1).All(part => part.Items.Where(item => item.IsSentence).All(item =>
                first.Exists(mine => mine.Kind == item.Kind && new TemplatePiece(mine.Value).IsVariantOf(new TemplatePiece(item.Value)))));
    }

    /// <summary>Whether most alternatives are one prompt that was sent many times: questions, not templates.</summary>
    private bool AreRepeats(List<Bundle> alternatives)
    {
        if (alternatives.Exists(part => part.Items.Exists(item => item.Kind != ItemKind.Message))) return false;
        var repeated = alternatives.Count(part =>
        {
            var prompts = new HashSet<ulong>();
            for (var voice = 0; voice < callOfVoice.Count; voice++)
            {
                if (part.Voices.Contains(voice)) prompts.Add(calls[callOfVoice[voice]].Traits.Prompt);
            }
            return prompts.Count * 4 <= part.Voices.Count;
        });
        return alternatives.Count > 3 && repeated * 2 > alternatives.Count;
    }

    private void AddLeaf(VoiceSet voices, bool isRest)
    {
        var members = new List<int>();
        for (var i = 0; i < calls.Count; i++)
        {
            if (voices.Contains(voiceOf[i])) members.Add(i);
        }
        if (members.Count == 0) return;
        // What remained beside alternatives may hide jobs that are too rare to be seen yet: it waits for more calls.
        leaves.Add(new Leaf(members, isRest || voices.Count < Least ? null : Describe(members, voices)));
    }

    /// <summary>The cluster that calls of a leaf define; null when they share no more than scraps.</summary>
    private TemplateCluster? Describe(List<int> members, VoiceSet voices)
    {
        var size = voices.Count;
        var (core, required) = (new List<TemplateItem>(), new List<ulong>());
        foreach (var bundle in bundles)
        {
            var count = (bundle.Voices & voices).Count;
            if (count < 0.7 * size) continue;
            foreach (var item in bundle.Items)
            {
                if (!item.IsText) continue;
                core.Add(item);
                if (count == size && (item.IsSentence || new TemplatePiece(item.Value).IsOpening)) required.Add(item.Key);
            }
        }
        var first = calls[members[0]];
        var request = TemplateCluster.RequestOf(first.Call);
        var (isSameTools, isSameSchema, isSameRequest, systemPieces) = (true, true, true, 0L);
        foreach (var i in members)
        {
            isSameTools &= calls[i].Traits.ToolSet == first.Traits.ToolSet;
            isSameSchema &= calls[i].Traits.Schema == first.Traits.Schema;
            isSameRequest &= TemplateCluster.RequestOf(calls[i].Call) == request;
            systemPieces += calls[i].Traits.SystemPieces;
        }
        var isWeak = core.Sum(item => item.Weight) < 1 && !core.Exists(item => new TemplatePiece(item.Value).IsOpening);
        if (required.Count == 0 || isWeak) return null;
        var mine = first.Traits.Template;
        return new TemplateCluster
        {
            // In the order of the prompt, so that the first sentence of a template is the first here.
            Core = [.. core.OrderBy(item => item.Kind).ThenBy(item => mine.IndexOf(item.Value) is >= 0 and var at ? at : int.MaxValue)],
            Required = [.. required],
            Tools = isSameTools ? first.Traits.ToolSet : null,
            Schema = isSameSchema ? first.Traits.Schema : null,
            Request = isSameRequest ? request : null,
            IsOpen = systemPieces / members.Count >= core.Count(item => item.Kind == ItemKind.System) + 2,
        };
    }
}
