using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Running;

/// <summary>How outcomes travel: a failure up at once, a success when its value has ended.</summary>
internal sealed partial class SchemaRun
{
    /// <summary>Notes that an evaluation has failed, and says whether somebody wants to know why: the text is doomed by it, or words are gathered.</summary>
    private bool Fails(Evaluation evaluation)
    {
        if (collects) return evaluation.Failed = true;
        if (evaluation.Failed) return false;
        evaluation.Failed = true;
        Failed(evaluation.Parent, evaluation.Role, evaluation.Slot, null);
        return DoomedAt is not null && Errors.Count == 0;
    }

    /// <summary>Whether nothing that an evaluation might still find matters: it has failed, or the one that applied it to the same value has.</summary>
    private bool IsSettled(Evaluation evaluation)
    {
        if (collects) return false;
        return evaluation.Failed || (evaluation.InPlace && evaluation.Parent!.Failed && (evaluation.Failed = true));
    }

    /// <summary>A schema does not hold for a value.</summary>
    /// <param name="parent">Who asked; null for the whole text.</param>
    /// <param name="role">What for.</param>
    /// <param name="slot">Which of several.</param>
    /// <param name="errors">Why, when words are gathered.</param>
    private void Failed(Evaluation? parent, Role role, int slot, List<SchemaError>? errors)
    {
        if (parent is null)
        {
            if (collects) Take(Errors, errors);
            else Doom(failAt >= 0 ? failAt : Position, null);
            return;
        }
        switch (role)
        {
            case Role.Must:
                FailsBecause(parent, errors);
                break;
            case Role.AnyOf:
                parent.ClosestAny = Closest(parent.ClosestAny, errors);
                if (--parent.AnyAlive == 0 && !collects) Fails(parent);
                break;
            case Role.OneOf:
                parent.ClosestOne = Closest(parent.ClosestOne, errors);
                if (--parent.OneAlive == 0 && !collects) Fails(parent);
                break;
            case Role.If:
                parent.Condition = false;
                if (parent.ElseFailed) FailsBecause(parent, null);
                break;
            case Role.Then:
                parent.ThenFailed = true;
                if (parent.Condition == true) FailsBecause(parent, errors);
                break;
            case Role.Else:
                parent.ElseFailed = true;
                if (parent.Condition == false) FailsBecause(parent, errors);
                break;
            case Role.Dependent:
                parent.DependentFailed.Add(slot);
                if (parent.Seen.Has(parent.Node.Dependents[slot].Trigger)) FailsBecause(parent, errors);
                break;
            case Role.Unevaluated:
                parent.UnevaluatedFailed.Add(slot);
                break;
        }
    }

    /// <summary>A schema holds for a value.</summary>
    /// <param name="parent">Who asked; null for the whole text.</param>
    /// <param name="role">What for.</param>
    /// <param name="slot">Which of several.</param>
    /// <param name="child">The evaluation, when there was one.</param>
    private void Passed(Evaluation? parent, Role role, int slot, Evaluation? child)
    {
        if (parent is null) return;
        switch (role)
        {
            case Role.OneOf:
                if (parent.OneFirst < 0) parent.OneFirst = slot;
                else parent.OneSecond = slot;
                break;
            case Role.Not:
                parent.NotMatched = true;
                break;
            case Role.If:
                parent.Condition = true;
                if (parent.ThenFailed) FailsBecause(parent, null);
                break;
            case Role.Contains:
                parent.Contained++;
                if (parent.Tracks && parent.Node.ContainsEvaluates) parent.Evaluated.Add(slot);
                if (parent.Contained > parent.Node.MaxContains && !collects && Fails(parent)) ExplainContained(parent, frameCount - 1);
                break;
        }
        var counts = role switch
        {
            Role.Then => parent.Condition == true,
            Role.Else => parent.Condition == false,
            Role.Dependent => parent.Seen.Has(parent.Node.Dependents[slot].Trigger),
            _ => role != Role.Not,
        };
        if (child is { InPlace: true } && counts && parent.Tracks) parent.Evaluated.Add(child.Evaluated);
    }

    private void FailsBecause(Evaluation parent, List<SchemaError>? errors)
    {
        if (collects) Take(parent.Errors, errors);
        Fails(parent);
    }

    /// <summary>The value of an evaluation has ended: judges what could not be judged before, and tells the parent.</summary>
    private void Close(Evaluation evaluation, Frame frame, JsonValue? value)
    {
        if (IsSettled(evaluation)) return;
        if (frame.Kind == JsonKind.Object) CloseObject(evaluation, frame);
        else CloseArray(evaluation, frame);
        var node = evaluation.Node;
        foreach (var values in node.Values)
        {
            if ((value is null || !values.Has(value)) && Fails(evaluation)) Explain(evaluation, values.Path, $"must {values.Demand} but is {Phrase(frame)}", frameCount - 1);
        }
        if (node.IsCompound) CloseInPlace(evaluation);

        if (!evaluation.Failed) Passed(evaluation.Parent, evaluation.Role, evaluation.Slot, evaluation);
        else if (collects) Failed(evaluation.Parent, evaluation.Role, evaluation.Slot, evaluation.Errors);
    }

    private void CloseInPlace(Evaluation evaluation)
    {
        var node = evaluation.Node;
        if (!node.AnyOf.IsEmpty && evaluation.AnyAlive == 0 && Fails(evaluation)) ExplainAlternatives(evaluation, "anyOf", node.AnyOf.Length, evaluation.ClosestAny);
        if (!node.OneOf.IsEmpty && evaluation.OneAlive == 0 && Fails(evaluation)) ExplainAlternatives(evaluation, "oneOf", node.OneOf.Length, evaluation.ClosestOne);
        if (evaluation.OneAlive > 1 && Fails(evaluation))
        {
            var (first, second) = (Math.Min(evaluation.OneFirst, evaluation.OneSecond), Math.Max(evaluation.OneFirst, evaluation.OneSecond));
            Explain(evaluation, node.At("oneOf"), $"matches the alternatives {first} and {second}; exactly one must match", frameCount - 1);
        }
        if (evaluation.NotMatched && Fails(evaluation)) Explain(evaluation, node.At("not"), "matches a schema that it must not match", frameCount - 1);
    }

    private void CloseObject(Evaluation evaluation, Frame frame)
    {
        var node = evaluation.Node;
        if (!node.HasObjectKeywords) return;
        if (frame.CountsNames && frame.Distinct < node.MinProperties && Fails(evaluation))
        {
            Explain(evaluation, node.At("minProperties"), $"must have at least {node.MinProperties} properties but has {frame.Distinct}", frameCount - 1);
        }
        if (frame.CountsNames && frame.Distinct > node.MaxProperties && Fails(evaluation)) // Gathered here: only now is it known how many there are.
        {
            Explain(evaluation, node.At("maxProperties"), $"must have at most {node.MaxProperties} properties but has {frame.Distinct}", frameCount - 1);
        }
        foreach (var requirement in node.Requirements)
        {
            if (requirement.Trigger >= 0 && !evaluation.Seen.Has(requirement.Trigger)) continue;
            foreach (var name in requirement.Names)
            {
                if (evaluation.Seen.Has(name.Index) || !Fails(evaluation)) continue;
                Explain(evaluation, requirement.Path, $"lacks the property {Excerpt.Of(name.Name)}{requirement.Because}", frameCount - 1);
            }
        }
        if (node.UnevaluatedProperties is not null) CloseUnevaluated(evaluation, frame, node.UnevaluatedProperties);
    }

    private void CloseArray(Evaluation evaluation, Frame frame)
    {
        var node = evaluation.Node;
        if (!node.HasArrayKeywords) return;
        if (frame.Count < node.MinItems && Fails(evaluation))
        {
            Explain(evaluation, node.At("minItems"), $"must have at least {node.MinItems} items but has {frame.Count}", frameCount - 1);
        }
        if (frame.Count > node.MaxItems && Fails(evaluation))
        {
            Explain(evaluation, node.At("maxItems"), $"must have at most {node.MaxItems} items but has {frame.Count}", frameCount - 1);
        }
        if (node.Contains is not null && (evaluation.Contained < node.MinContains || evaluation.Contained > node.MaxContains) && Fails(evaluation)) ExplainContained(evaluation, frameCount - 1);
        if (node.UnevaluatedItems is not null) CloseUnevaluated(evaluation, frame, node.UnevaluatedItems);
    }

    private void CloseUnevaluated(Evaluation evaluation, Frame frame, SchemaNode unevaluated)
    {
        for (var i = 0; i < frame.Count; i++)
        {
            if (!evaluation.Evaluated.Has(i) && (unevaluated.IsFalse || evaluation.UnevaluatedFailed.Has(i)) && Fails(evaluation))
            {
                ExplainUnevaluated(evaluation, frame, unevaluated, i);
            }
            evaluation.Evaluated.Add(i);
        }
    }
}
