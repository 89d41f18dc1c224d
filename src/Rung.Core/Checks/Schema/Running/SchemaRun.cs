using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Running;

/// <summary>
/// Judges one JSON text while it is read, in one pass and without a tree. For every open array or object it holds the schemas that apply to it
/// (<see cref="Evaluation"/>), parents before what they apply to the same value; a schema that has failed for good tells its parent at once, so that the
/// text is doomed at the first byte that leaves no way. Strings, numbers and literals are judged by recursion when they end. In its second way of
/// working (<see cref="collects"/>) it goes on after a failure and gathers the words. Used by one thread; used again and again.
/// </summary>
internal sealed partial class SchemaRun : JsonScanner
{
    /// <summary>Schemas applied to values, at most. Alternatives inside recursive schemas can multiply without end; real answers need a few thousand.</summary>
    public const int MaxSteps = 500_000;
    /// <summary>Schemas that judge open arrays and objects at one time, at most.</summary>
    public const int MaxAtOnce = 20_000;
    private const int BytesPerStep = 16; // Of text that is made a value to be compared: 8 MB in all, an answer of the largest size and its parts.
    private const int MaxInPlace = 256; // Dynamic references can go in circles that the compiler does not see.
    private const int MaxKept = 512;    // Evaluations that stay for the next text.

    [ThreadStatic]
    private static SchemaRun? spare;

    private readonly Frame?[] frames = new Frame?[MaxDepth];
    private int frameCount;
    private Evaluation[] evaluations = new Evaluation[64];
    private int evaluationCount;
    private Claim[] claims = new Claim[8];
    private int claimCount;
    private byte[] names = new byte[512];
    private byte[] scratch = new byte[256];
    private CompiledSchema schema = null!; // Set by For.
    private bool collects;
    private int steps;
    private long failAt; // The byte to which a failure is put down, when it is not the current one; else negative.

    private SchemaRun()
    {
    }

    /// <summary>What is wrong, when it is the schema that says so: for a doomed text the one error that doomed it.</summary>
    public List<SchemaError> Errors { get; } = [];

    /// <summary>Longest instance path in an error, in characters.</summary>
    public int LongestPlace { get; private set; }

    /// <summary>A run for one text.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="collects">Whether to go on after a failure and gather what is wrong.</param>
    /// <param name="longestPlace">Longest instance path in an error, in characters.</param>
    public static SchemaRun For(CompiledSchema schema, bool collects, int longestPlace)
    {
        var run = spare ?? new SchemaRun();
        spare = null;
        run.Reset();
        (run.schema, run.collects, run.LongestPlace, run.LongestText) = (schema, collects, longestPlace, JsonParser.MaxTreeBytes);
        run.Claim(schema.Root, null, Role.Must, 0);
        return run;
    }

    /// <summary>Gives a run back, for the next text of this thread.</summary>
    public void Release()
    {
        if (evaluations.Length <= MaxKept && names.Length <= MaxKept * 64 && scratch.Length <= MaxKept * 1024) spare = this;
    }

    protected override void Reset()
    {
        base.Reset();
        (frameCount, evaluationCount, claimCount, steps, failAt) = (0, 0, 0, 0, -1);
        (countedAt, counted, countedFor) = (0, 0, -1);
        Errors.Clear();
    }

    protected override void BeginValue(JsonKind kind)
    {
        if (frameCount > 0 && frames[frameCount - 1]!.Kind == JsonKind.Array) ClaimItem(frames[frameCount - 1]!);
        if (!collects) SettleByKind(kind);
        if (kind >= JsonKind.Array && DoomedAt is null) Open(kind);
    }

    protected override void EndContainer(JsonKind kind)
    {
        var frame = frames[frameCount - 1]!;
        var value = frame.KeptFrom >= 0 ? Value(KeptFrom(frame.KeptFrom)) : null;
        for (var i = frame.End - 1; i >= frame.First && DoomedAt is null; i--) Close(evaluations[i], frame, value);
        evaluationCount = frame.First;
        frameCount--;
        if (value is not null && DoomedAt is null) CompareItem(value);
    }

    /// <summary>The value of an array or object that must be compared. Inside each other such values are read again and again, so it counts as steps.</summary>
    private JsonValue? Value(ReadOnlySpan<byte> text)
    {
        steps += text.Length / BytesPerStep;
        return TryStep() && JsonParser.TryParse(text, "It", out var value, out _) ? value : null;
    }

    /// <summary>Settles what the first byte of the value decides: its kind is not possible, or nothing can be wrong with it.</summary>
    private void SettleByKind(JsonKind kind)
    {
        for (var i = 0; i < claimCount; i++)
        {
            ref var claim = ref claims[i];
            var node = claim.Node;
            if (claim.IsSettled) continue;
            if (node.Always.Has(kind))
            {
                claim.IsSettled = true;
                Passed(claim.Parent, claim.Role, claim.Slot, null);
            }
            else if (!node.Possible.Has(kind))
            {
                claim.IsSettled = true;
                Failed(claim.Parent, claim.Role, claim.Slot, null);
                if (DoomedAt is not null && Errors.Count == 0) ExplainKind(node, kind, frameCount);
            }
            if (DoomedAt is not null) return;
        }
    }

    private void Open(JsonKind kind)
    {
        var comparesItems = frameCount > 0 && frames[frameCount - 1]!.ComparesItems;
        var frame = frames[frameCount] ??= new Frame();
        (frame.Kind, frame.First, frame.Count, frame.KeptFrom) = (kind, evaluationCount, 0, -1);
        frame.NameStart = frame.NameEnd = frameCount == 0 ? 0 : frames[frameCount - 1]!.NameEnd;
        (frame.CountsNames, frame.ComparesItems) = (false, false);
        if (frame.Names.Count > 0) frame.Names.Clear();
        if (frame.InOrder.Count > 0) frame.InOrder.Clear();
        frameCount++;

        var needsValue = comparesItems;
        for (var i = 0; i < claimCount && DoomedAt is null; i++)
        {
            ref var claim = ref claims[i];
            if (!claim.IsSettled) Begin(claim.Node, claim.Parent, claim.Role, claim.Slot, inPlace: false, claim.Parent?.Scope, kind);
        }
        claimCount = 0;
        frame.End = evaluationCount;
        for (var i = frame.First; i < frame.End; i++)
        {
            var node = evaluations[i].Node;
            frame.CountsNames |= node.CountsProperties;
            frame.ComparesItems |= node.Unique && kind == JsonKind.Array;
            foreach (var values in node.Values) needsValue |= values.Kinds.Has(kind);
        }
        if (needsValue) frame.KeptFrom = KeepFrom();
    }

    /// <summary>Applies a schema to the array or object that begins, and what it applies to the same value in turn.</summary>
    private void Begin(SchemaNode node, Evaluation? parent, Role role, int slot, bool inPlace, Scope? scope, JsonKind kind)
    {
        if (!TryStep()) return;
        if (!collects)
        {
            if (node.Always.Has(kind))
            {
                Passed(parent, role, slot, null);
                return;
            }
            if (!node.Possible.Has(kind))
            {
                Failed(parent, role, slot, null);
                if (DoomedAt is not null && Errors.Count == 0) ExplainKind(node, kind, frameCount - 1);
                return;
            }
        }
        if (evaluationCount == MaxAtOnce || (inPlace && parent!.Nesting >= MaxInPlace))
        {
            GiveUp(evaluationCount == MaxAtOnce ? $"needs more than {MaxAtOnce} schemas at once to judge" : "nests too deep to judge");
            return;
        }
        if (evaluationCount == evaluations.Length) Array.Resize(ref evaluations, evaluations.Length * 2);
        var evaluation = evaluations[evaluationCount] ??= new Evaluation();
        evaluationCount++;
        evaluation.Begin(node, parent, role, slot, inPlace, Enter(node, scope));
        if (collects) ReportKind(evaluation, kind);
        if (node.IsCompound) BeginInPlace(evaluation, kind);
    }

    /// <summary>The order matters: outcomes are told in reverse, so that a condition is known before what hangs on it.</summary>
    private void BeginInPlace(Evaluation evaluation, JsonKind kind)
    {
        var node = evaluation.Node;
        foreach (var must in node.Must) BeginInPlace(must, evaluation, Role.Must, 0, kind);
        if (node.Dynamic is { } dynamic) BeginInPlace(Resolve(dynamic, evaluation.Scope), evaluation, Role.Must, 0, kind);
        for (var i = 0; i < node.AnyOf.Length; i++) BeginInPlace(node.AnyOf[i], evaluation, Role.AnyOf, i, kind);
        for (var i = 0; i < node.OneOf.Length; i++) BeginInPlace(node.OneOf[i], evaluation, Role.OneOf, i, kind);
        if (node.Not is not null) BeginInPlace(node.Not, evaluation, Role.Not, 0, kind);
        if (kind == JsonKind.Object)
        {
            for (var i = 0; i < node.Dependents.Length; i++) BeginInPlace(node.Dependents[i].Node, evaluation, Role.Dependent, i, kind);
        }
        if (node.If is null) return;
        if (node.Then is not null) BeginInPlace(node.Then, evaluation, Role.Then, 0, kind);
        if (node.Else is not null) BeginInPlace(node.Else, evaluation, Role.Else, 0, kind);
        BeginInPlace(node.If, evaluation, Role.If, 0, kind);
    }

    private void BeginInPlace(SchemaNode node, Evaluation evaluation, Role role, int slot, JsonKind kind)
    {
        if (DoomedAt is null && (collects || !evaluation.Failed)) Begin(node.Meant, evaluation, role, slot, inPlace: true, evaluation.Scope, kind);
    }

    private Scope? Enter(SchemaNode node, Scope? scope) =>
        !schema.HasDynamic || scope?.Resource == node.Resource ? scope : new Scope(node.Resource, scope);

    /// <summary>The target of a dynamic reference: the anchor of the outermost resource that has one of its name.</summary>
    private static SchemaNode Resolve(DynamicTarget dynamic, Scope? scope)
    {
        var target = dynamic.Otherwise;
        for (; scope is not null; scope = scope.Outer)
        {
            if (scope.Resource.DynamicNodes.TryGetValue(dynamic.Anchor, out var outer)) target = outer;
        }
        return target;
    }

    private bool TryStep()
    {
        if (DoomedAt is not null && !explains) return false;
        if (++steps <= MaxSteps) return true;
        GiveUp($"needs more than {MaxSteps} steps to judge");
        return false;
    }

    /// <summary>Ends the run as failed: a limit was reached.</summary>
    private void GiveUp(string reason)
    {
        if (DoomedAt is not null) return;
        Doom(Position, null);
        Errors.Insert(0, new SchemaError("", schema.Root.Path, $"{reason}, so it counts as failed", 0, 0));
    }

    private void Claim(SchemaNode node, Evaluation? parent, Role role, int slot)
    {
        if (node.Always == KindSet.All && role == Role.Must) return;
        if (claimCount == claims.Length) Array.Resize(ref claims, claims.Length * 2);
        claims[claimCount++] = new Claim { Node = node.Meant, Parent = parent, Role = role, Slot = slot };
    }
}
