using System.Text;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Running;

/// <summary>Names and items as they come: which schemas the value behind them is judged by.</summary>
internal sealed partial class SchemaRun
{
    private readonly List<(Evaluation Evaluation, long At)> late = [];

    protected override void Name(ReadOnlySpan<byte> raw, bool hasEscapes, long start)
    {
        var frame = frames[frameCount - 1]!;
        claimCount = 0;
        var index = frame.Count++;
        var text = Text(raw, hasEscapes);
        Remember(frame, text);
        if (frame.End == frame.First) return;

        if (frame.CountsNames) frame.Names.Add(JsonUnescape.Text(raw));
        if (collects) frame.InOrder.Add(Encoding.UTF8.GetString(text));
        var isAlone = frame.End - frame.First == 1 && evaluations[frame.First].Node.PropertyNames is null; // Nearly always: then no order is to be kept.
        if (!collects && !isAlone) SettleNames(frame, raw, start, isWhole: true, text, hasEscapes);
        for (var i = frame.First; i < frame.End && DoomedAt is null; i++)
        {
            if (!IsSettled(evaluations[i])) ClaimMember(evaluations[i], frame, index, start, raw, text, hasEscapes);
        }
        if (!collects && (evaluations[frame.First].Tracks || !isAlone)) RefuseUnevaluated(frame, index);
    }

    /// <summary>Notes a member for one evaluation, and claims its value for the schemas of the name.</summary>
    private void ClaimMember(Evaluation evaluation, Frame frame, int index, long start, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text, bool hasEscapes)
    {
        var node = evaluation.Node;
        if (!node.HasObjectKeywords) return;
        var isKnown = false;
        if (node.Names?.Find(text) is { } known)
        {
            if (known.Index >= 0) See(evaluation, known.Index);
            if (known.Property is { } property)
            {
                isKnown = true;
                Claim(property, evaluation, Role.Must, 0);
            }
        }
        foreach (var (pattern, patternNode) in node.Patterns)
        {
            if (!Matches(pattern, raw, text, hasEscapes)) continue;
            isKnown = true;
            Claim(patternNode, evaluation, Role.Must, 0);
        }
        if (node.Additional is { } additional && !isKnown)
        {
            isKnown = true;
            if (!additional.IsFalse) Claim(additional, evaluation, Role.Must, 0);
            else
            {
                if (node.IsClosed && !collects) failAt = DecidedAt(node, raw, start);
                if (Fails(evaluation)) ExplainUnexpected(evaluation, frame);
                failAt = -1;
            }
        }
        if (collects && node.PropertyNames is { } names && !NameHolds(names, evaluation, raw, text, hasEscapes) && Fails(evaluation))
        {
            ExplainName(evaluation, frame, raw, text);
        }
        if (evaluation.Tracks && isKnown) evaluation.Evaluated.Add(index);
        if (node.UnevaluatedProperties is { IsFalse: false } unevaluated && !isKnown) Claim(unevaluated, evaluation, Role.Unevaluated, index);
        if (node.MaxProperties < frame.Distinct && !collects && Fails(evaluation))
        {
            Explain(evaluation, node.At("maxProperties"), $"must have at most {node.MaxProperties} properties but has more", frameCount - 1);
        }
    }

    /// <summary>A property that others hang on is there.</summary>
    private void See(Evaluation evaluation, int name)
    {
        evaluation.Seen.Add(name);
        if (collects) return; // Then what hangs on it is told at the end.
        for (var i = 0; i < evaluation.Node.Dependents.Length; i++)
        {
            if (evaluation.Node.Dependents[i].Trigger == name && evaluation.DependentFailed.Has(i) && Fails(evaluation))
            {
                Explain(evaluation, evaluation.Node.Dependents[i].Node.Path, "does not follow the schema that one of its properties brings with it", frameCount - 1);
            }
        }
    }

    /// <summary>
    /// Fails evaluations that cannot take the name, in the order of the bytes that decide it, so that it does not matter how the text is cut. Called at the end
    /// of a piece that ends in a name too: then the name is what is known of it.
    /// </summary>
    private void SettleNames(Frame frame, ReadOnlySpan<byte> raw, long start, bool isWhole, ReadOnlySpan<byte> text, bool hasEscapes)
    {
        late.Clear();
        for (var i = frame.First; i < frame.End && DoomedAt is null; i++)
        {
            var evaluation = evaluations[i];
            var node = evaluation.Node;
            if ((!node.IsClosed && node.PropertyNames is null) || IsSettled(evaluation)) continue;
            if (isWhole ? TakesName(evaluation, raw, text, hasEscapes) : TakesBeginning(node, raw, start)) continue;
            late.Add((evaluation, DecidedAt(node, raw, start)));
        }
        if (late.Count > 1) late.Sort(static (one, other) => one.At.CompareTo(other.At));
        foreach (var (evaluation, at) in late)
        {
            if (DoomedAt is not null) return;
            failAt = at;
            if (Fails(evaluation)) ExplainName(evaluation, frame, raw, text);
            failAt = -1;
        }
    }

    private bool TakesName(Evaluation evaluation, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text, bool hasEscapes)
    {
        var node = evaluation.Node;
        if (node.IsClosed && node.Names?.Find(text)?.Property is null) return false;
        return node.PropertyNames is null || NameHolds(node.PropertyNames, evaluation, raw, text, hasEscapes);
    }

    private bool NameHolds(SchemaNode names, Evaluation evaluation, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text, bool hasEscapes) =>
        Holds(names, new Scalar { Kind = JsonKind.String, Raw = raw, Text = text, HasEscapes = hasEscapes }, evaluation.Scope, 0, null);

    /// <summary>The byte that leaves a schema no name; the current one when nothing before it does.</summary>
    private long DecidedAt(SchemaNode node, ReadOnlySpan<byte> raw, long start)
    {
        if (TakesBeginning(node, raw)) return Position;
        var (fits, fails) = (0, raw.Length); // What a beginning rules out, a longer one rules out too.
        while (fails - fits > 1)
        {
            var middle = (fits + fails) / 2;
            if (TakesBeginning(node, raw[..middle])) fits = middle;
            else fails = middle;
        }
        return start + fails - 1;
    }

    /// <summary>Whether a name that begins like this can still be taken. With its start given, counting goes on where it stopped at the last piece.</summary>
    private bool TakesBeginning(SchemaNode node, ReadOnlySpan<byte> raw, long start = -1)
    {
        var beginning = Beginning(raw, counts: node.PropertyNames is { WatchesText: true }, start);
        if (node.IsClosed && (node.Names is null || !node.Names.HasPropertyFrom(beginning.Text))) return false;
        return node.PropertyNames is null || CanBegin(node.PropertyNames, beginning);
    }

    /// <summary>Fails <c>unevaluated…: false</c> as soon as nothing that applies to the same value has evaluated a member or an item, or still might.</summary>
    private void RefuseUnevaluated(Frame frame, int index)
    {
        for (var i = frame.First; i < frame.End && DoomedAt is null; i++)
        {
            var evaluation = evaluations[i];
            if (!evaluation.Tracks || !evaluation.Node.NeedsEvaluated || IsSettled(evaluation)) continue;
            var unevaluated = frame.Kind == JsonKind.Object ? evaluation.Node.UnevaluatedProperties : evaluation.Node.UnevaluatedItems;
            if (unevaluated is not { IsFalse: true } || MayBeEvaluated(frame, i, index) || !Fails(evaluation)) continue;
            ExplainUnevaluated(evaluation, frame, unevaluated, index);
        }
    }

    private bool MayBeEvaluated(Frame frame, int from, int index)
    {
        var nesting = evaluations[from].Nesting;
        for (var i = from; i < frame.End && (i == from || evaluations[i].Nesting > nesting); i++)
        {
            var evaluation = evaluations[i];
            var node = evaluation.Node;
            if (evaluation.Evaluated.Has(index)) return true;
            if (frame.Kind == JsonKind.Array && node.Contains is not null && node.ContainsEvaluates) return true;
            if (i > from && (frame.Kind == JsonKind.Object ? node.UnevaluatedProperties : node.UnevaluatedItems) is not null) return true;
        }
        return false;
    }

    /// <summary>Claims the item that begins.</summary>
    private void ClaimItem(Frame frame)
    {
        claimCount = 0;
        var index = frame.Count++;
        for (var i = frame.First; i < frame.End && DoomedAt is null; i++)
        {
            var evaluation = evaluations[i];
            var node = evaluation.Node;
            if (IsSettled(evaluation) || !node.HasArrayKeywords) continue;
            if (index >= node.MaxItems && !collects && Fails(evaluation))
            {
                Explain(evaluation, node.At("maxItems"), $"must have at most {node.MaxItems} items but has more", frameCount - 1);
            }
            var item = index < node.Prefix.Length ? node.Prefix[index] : node.Items;
            if (item is not null)
            {
                if (evaluation.Tracks) evaluation.Evaluated.Add(index);
                Claim(item, evaluation, Role.Must, index);
            }
            if (node.Contains is not null) Claim(node.Contains, evaluation, Role.Contains, index);
            if (node.UnevaluatedItems is { IsFalse: false } unevaluated && item is null) Claim(unevaluated, evaluation, Role.Unevaluated, index);
        }
        if (!collects) RefuseUnevaluated(frame, index);
    }

    /// <summary>An item has ended: compares it with those before it, where they must differ.</summary>
    private void CompareItem(JsonValue value)
    {
        if (frameCount == 0 || !frames[frameCount - 1]!.ComparesItems) return;
        var frame = frames[frameCount - 1]!;
        for (var i = frame.First; i < frame.End && DoomedAt is null; i++)
        {
            var evaluation = evaluations[i];
            if (!evaluation.Node.Unique || IsSettled(evaluation) || evaluation.Items.TryAdd(value, frame.Count - 1) || !Fails(evaluation)) continue;
            Explain(evaluation, evaluation.Node.At("uniqueItems"), $"has equal items at {evaluation.Items[value]} and {frame.Count - 1}; every item must be different", frameCount - 1);
        }
    }

    /// <summary>Keeps the name for the path of an error.</summary>
    private void Remember(Frame frame, ReadOnlySpan<byte> text)
    {
        var end = frame.NameStart + text.Length;
        if (end > names.Length) Array.Resize(ref names, Math.Max(names.Length * 2, end));
        text.CopyTo(names.AsSpan(frame.NameStart));
        frame.NameEnd = end;
    }
}
