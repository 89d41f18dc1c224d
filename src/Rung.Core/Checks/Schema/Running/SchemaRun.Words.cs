using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Rung.Core.Checks.Json;
using Rung.Core.Checks.Schema.Compiling;

namespace Rung.Core.Checks.Schema.Running;

/// <summary>Sentences that a model could act on: what must be, what is, and which keyword says so.</summary>
internal sealed partial class SchemaRun
{
    private const int MaxErrors = 20;

    private bool explains; // While a doomed text is explained, schemas are judged on.

    /// <summary>An error about a value that stands below so many open containers.</summary>
    private SchemaError Error(string schemaPath, string message, int taken, int levels)
    {
        var place = Place(levels);
        return new SchemaError(place, schemaPath, message, place.Length + taken, levels);
    }

    private void Explain(Evaluation evaluation, string schemaPath, string message, int levels, int taken = 0) =>
        Add(collects ? evaluation.Errors : Errors, Error(schemaPath, message, taken, levels));

    private static void Add(List<SchemaError> errors, SchemaError error)
    {
        if (errors.Count < MaxErrors) errors.Add(error);
    }

    private static void Take(List<SchemaError> errors, List<SchemaError>? others)
    {
        if (others is null) return;
        foreach (var error in others) Add(errors, error);
    }

    private static SchemaError? Closest(SchemaError? known, List<SchemaError>? errors)
    {
        if (errors is not { Count: > 0 }) return known;
        var deepest = errors.MaxBy(error => error.Depth)!;
        return known is null || deepest.Depth > known.Depth ? deepest : known;
    }

    /// <summary>Judges a scalar in the second way of working.</summary>
    private void Gather(in Scalar scalar)
    {
        for (var i = 0; i < claimCount && DoomedAt is null; i++)
        {
            var claim = claims[i];
            var errors = new List<SchemaError>();
            var holds = Holds(claim.Node, scalar, Enter(claim.Node, claim.Parent?.Scope), 0, errors);
            if (holds) Passed(claim.Parent, claim.Role, claim.Slot, null);
            else Failed(claim.Parent, claim.Role, claim.Slot, errors);
        }
    }

    /// <summary>Says why an array or object is of the wrong kind.</summary>
    private void ReportKind(Evaluation evaluation, JsonKind kind)
    {
        var node = evaluation.Node;
        if (node.IsFalse && Fails(evaluation)) Explain(evaluation, node.Path, "is not allowed here", frameCount - 1);
        if (!node.Types.Has(kind) && Fails(evaluation)) Explain(evaluation, node.At("type"), $"must {node.TypeDemand} but is {JsonPhrase.Kind(kind)}", frameCount - 1);
    }

    /// <summary>Says why a value of this kind dooms the text.</summary>
    private void ExplainKind(SchemaNode node, JsonKind kind, int levels)
    {
        for (var next = node; next is not null; next = next.Must.FirstOrDefault(must => !must.Possible.Has(kind)))
        {
            var demand = !next.Types.Has(kind) ? (next.At("type"), next.TypeDemand) : next.Values.Where(values => !values.Kinds.Has(kind)).Select(values => (values.Path, values.Demand)).FirstOrDefault();
            if (next.IsFalse) Add(Errors, Error(next.Path, "is not allowed here", 0, levels));
            else if (demand.Item1 is not null) Add(Errors, Error(demand.Item1, $"must {demand.Item2} but is {JsonPhrase.Kind(kind)}", 0, levels));
            if (Errors.Count > 0) return;
        }
        Add(Errors, Error(node.Path, $"must not be {JsonPhrase.Kind(kind)}", 0, levels));
    }

    private void ExplainScalar(SchemaNode node, Evaluation? parent, in Scalar scalar)
    {
        var errors = new List<SchemaError>();
        explains = true;
        Holds(node, scalar, Enter(node, parent?.Scope), 0, errors);
        explains = false;
        if (errors.Count > 0) Add(Errors, errors[0]);
    }

    private void ExplainBeginning(SchemaNode node, ReadOnlySpan<byte> raw)
    {
        var beginning = Beginning(raw, counts: true);
        for (var next = node; next is not null;)
        {
            if (next.Values.Where(values => values.Kinds.HasFlag(KindSet.String)).FirstOrDefault() is { } wanted && !wanted.HasFrom(beginning.Text))
            {
                var shown = Excerpt.Of(beginning.Text);
                Add(Errors, Error(wanted.Path, $"must {wanted.Demand} but begins with {shown}", shown.Length, frameCount));
                return;
            }
            if (beginning.CodePoints > next.MaxLength)
            {
                Add(Errors, Error(next.At("maxLength"), $"must have at most {next.MaxLength} characters but has more", 0, frameCount));
                return;
            }
            var at = next;
            next = null;
            foreach (var must in at.Must)
            {
                if (!CanBegin(must, beginning)) next = must;
            }
        }
        var near = Excerpt.Of(beginning.Text);
        Add(Errors, Error(node.Path, $"matches none of the alternatives: it begins with {near}", near.Length, frameCount));
    }

    private void ExplainAlternatives(Evaluation evaluation, string keyword, int count, SchemaError? closest) =>
        Add(collects ? evaluation.Errors : Errors, NoneOf(evaluation.Node.At(keyword), count, closest, frameCount - 1));

    private SchemaError NoneOf(string path, ImmutableArray<SchemaNode> branches, in Scalar scalar, Scope? scope, int nesting)
    {
        SchemaError? closest = null;
        foreach (var branch in branches)
        {
            var errors = new List<SchemaError>();
            Holds(branch, scalar, Enter(branch, scope), nesting, errors);
            closest = Closest(closest, errors);
        }
        return NoneOf(path, branches.Length, closest, frameCount);
    }

    /// <summary>None of the alternatives holds: told by the one that got furthest.</summary>
    private SchemaError NoneOf(string path, int count, SchemaError? closest, int levels)
    {
        var hint = closest is null || closest.AnswerLength > Excerpt.MaxLength ? "" : $"; the closest fails because {closest.Place} {closest.Message}";
        return Error(path, $"matches none of the {count} alternatives{hint}", hint.Length == 0 ? 0 : closest!.AnswerLength, levels);
    }

    private void ExplainContained(Evaluation evaluation, int levels)
    {
        var node = evaluation.Node;
        var described = node.Contains!.Path;
        Explain(
            evaluation, node.At(evaluation.Contained > node.MaxContains ? "maxContains" : "contains"),
            evaluation.Contained > node.MaxContains
                ? $"has more than {node.MaxContains} items of the kind that {described} describes"
                : $"must contain at least {node.MinContains} item(s) of the kind that {described} describes but contains {evaluation.Contained}",
            levels);
    }

    private void ExplainUnexpected(Evaluation evaluation, string name)
    {
        var node = evaluation.Node;
        var names = node.Names?.Names.Where(known => known.Property is not null).Select(known => known.Name).Order(StringComparer.Ordinal).ToArray() ?? [];
        var known = names.Length == 0 ? "" : $"; known are: {JsonPhrase.List(names)}";
        Explain(evaluation, node.At("additionalProperties"), $"has {name}, which is not allowed{known}", frameCount - 1, name.Length);
    }

    private void ExplainUnexpected(Evaluation evaluation, Frame frame) => ExplainUnexpected(evaluation, $"the property {NameIn(frame)}");

    /// <summary>Says why a name is not taken, or the beginning of one (<paramref name="text"/> is empty then, or the name is).</summary>
    private void ExplainName(Evaluation evaluation, Frame frame, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text)
    {
        var node = evaluation.Node;
        var isWhole = !text.IsEmpty || raw.IsEmpty;
        var beginning = isWhole ? text : Beginning(raw, counts: false).Text;
        var isUnknown = node.IsClosed && (isWhole ? node.Names?.Find(text)?.Property is null : node.Names is null || !node.Names.HasPropertyFrom(beginning));
        var shown = isWhole ? NameIn(frame) : Excerpt.Of(beginning);
        if (isUnknown) ExplainUnexpected(evaluation, isWhole ? $"the property {shown}" : $"a property that begins with {shown}");
        else Explain(evaluation, node.At("propertyNames"), isWhole ? $"has a property with the name {shown}, which is not allowed" : $"has a property whose name begins with {shown}, which is not allowed", frameCount - 1, shown.Length);
    }

    private void ExplainUnevaluated(Evaluation evaluation, Frame frame, SchemaNode unevaluated, int index)
    {
        var isItem = frame.Kind == JsonKind.Array;
        var name = !isItem && index < frame.InOrder.Count ? Excerpt.Of(frame.InOrder[index]) : NameIn(frame);
        var subject = isItem ? string.Create(CultureInfo.InvariantCulture, $"the item {index}") : index < frame.Count - 1 && !collects ? "a property" : $"the property {name}";
        var reason = unevaluated.IsFalse ? "which no part of the schema allows" : "which does not follow the schema for what no other part describes";
        Explain(evaluation, unevaluated.Path, $"has {subject}, {reason}", frameCount - 1, isItem ? 0 : name.Length);
    }

    private bool Wrong(List<SchemaError>? errors, SchemaNode node, string keyword, string demand, in Scalar scalar) =>
        errors is not null && Wrong(errors, node.At(keyword), demand, scalar);

    /// <summary>Reports that a scalar is not what it must be. Always false.</summary>
    private bool Wrong(List<SchemaError>? errors, string path, string demand, in Scalar scalar)
    {
        if (errors is null) return false; // Most runs gather nothing: spare them the words.
        var phrase = JsonPhrase.Of(scalar.Value);
        Add(errors, Error(path, $"must {demand} but is {phrase}", phrase.Length, frameCount));
        return false;
    }

    private bool WrongLength(List<SchemaError>? errors, SchemaNode node, string keyword, string side, int bound, int length)
    {
        if (errors is not null) Add(errors, Error(node.At(keyword), $"must have at {side} {bound} characters but has {length}", 0, frameCount));
        return false;
    }

    private string NameIn(Frame frame) => Excerpt.Of(names.AsSpan(frame.NameStart, frame.NameEnd - frame.NameStart));

    private static string Phrase(Frame frame) => frame.Kind == JsonKind.Array ? string.Create(CultureInfo.InvariantCulture, $"an array of {frame.Count} items") : "an object";

    private string Place(int levels)
    {
        if (levels == 0) return "";
        var pointer = new StringBuilder();
        for (var i = 0; i < levels && pointer.Length <= LongestPlace; i++)
        {
            var frame = frames[i]!;
            pointer.Append('/');
            if (frame.Kind == JsonKind.Array) pointer.Append(frame.Count - 1);
            else pointer.Append(JsonPointer.Escape(Encoding.UTF8.GetString(names.AsSpan(frame.NameStart, frame.NameEnd - frame.NameStart))));
        }
        return Excerpt.Bare(pointer.ToString(), LongestPlace);
    }
}
