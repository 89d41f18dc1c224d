using System.Collections.Immutable;
using System.Text;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema.Running;

/// <summary>Strings, numbers and literals: judged whole, by recursion; and the beginnings of strings, which can already be wrong.</summary>
internal sealed partial class SchemaRun
{
    private const int LongestBeginning = 4096; // Bytes of a string's beginning that are compared with the values of an enum.

    private char[] characters = new char[256];
    private int countedAt;        // Where counting the characters of an open string goes on.
    private int counted;
    private long countedFor = -1; // The string that was counted.

    protected override void EndScalar(JsonKind kind, ReadOnlySpan<byte> raw, bool hasEscapes, long start)
    {
        var scalar = new Scalar { Kind = kind, Raw = raw, Text = kind == JsonKind.String ? Text(raw, hasEscapes) : raw, HasEscapes = hasEscapes };
        if (collects) Gather(scalar);
        else
        {
            FailClaims(scalar, start);
            for (var i = 0; i < claimCount && DoomedAt is null; i++)
            {
                ref var claim = ref claims[i];
                if (!claim.IsSettled) Passed(claim.Parent, claim.Role, claim.Slot, null);
            }
        }
        claimCount = 0;
        if (frameCount > 0 && frames[frameCount - 1]!.ComparesItems && DoomedAt is null) CompareItem(scalar.Value);
    }

    protected override void Partial(ReadOnlySpan<byte> raw, bool isName, long start)
    {
        if (collects || raw.IsEmpty) return;
        if (isName)
        {
            SettleNames(frames[frameCount - 1]!, raw, start, isWhole: false, [], hasEscapes: false);
            return;
        }
        var beginning = default(Beginning);
        var failed = 0;
        for (var i = 0; i < claimCount; i++)
        {
            ref var claim = ref claims[i];
            claim.FailedAt = -1;
            if (claim.IsSettled || !claim.Node.WatchesText) continue;
            if (!beginning.IsKnown) beginning = Beginning(raw, counts: true, start);
            if (CanBegin(claim.Node, beginning)) continue;
            claim.FailedAt = DecidedAtValue(claim.Node, raw, start);
            failed++;
        }
        if (failed > 0) FailInOrder(failed, raw);
    }

    /// <summary>Judges the claims on a scalar that has ended, and fails those that it does not meet.</summary>
    private void FailClaims(in Scalar scalar, long start)
    {
        var failed = 0;
        for (var i = 0; i < claimCount; i++)
        {
            ref var claim = ref claims[i];
            claim.FailedAt = -1;
            if (claim.IsSettled || Holds(claim.Node, scalar, Enter(claim.Node, claim.Parent?.Scope), 0, null)) continue;
            if (DoomedAt is not null) return;
            claim.FailedAt = scalar.Kind == JsonKind.String && claim.Node.WatchesText ? DecidedAtValue(claim.Node, scalar.Raw, start) : Position;
            failed++;
        }
        for (; failed > 0 && DoomedAt is null; failed--) FailFirst(scalar);
    }

    private void FailInOrder(int failed, ReadOnlySpan<byte> raw)
    {
        var scalar = new Scalar { Kind = JsonKind.String, Raw = raw, Text = [], HasEscapes = true };
        for (; failed > 0 && DoomedAt is null; failed--) FailFirst(scalar);
    }

    /// <summary>Fails the claim that was decided by the earliest byte.</summary>
    private void FailFirst(in Scalar scalar)
    {
        var first = -1;
        for (var i = 0; i < claimCount; i++)
        {
            if (!claims[i].IsSettled && claims[i].FailedAt >= 0 && (first < 0 || claims[i].FailedAt < claims[first].FailedAt)) first = i;
        }
        ref var claim = ref claims[first];
        claim.IsSettled = true;
        failAt = claim.FailedAt;
        Failed(claim.Parent, claim.Role, claim.Slot, null);
        failAt = -1;
        if (DoomedAt is null || Errors.Count > 0) return;
        if (scalar.Text.IsEmpty && scalar.HasEscapes) ExplainBeginning(claim.Node, scalar.Raw);
        else ExplainScalar(claim.Node, claim.Parent, scalar);
    }

    /// <summary>Whether a schema holds for a scalar.</summary>
    /// <param name="node">The schema.</param>
    /// <param name="scalar">The value.</param>
    /// <param name="scope">The resources that judging came through, the schema's own included.</param>
    /// <param name="nesting">Schemas around this one on the same value.</param>
    /// <param name="errors">Takes what is wrong; null: nobody asks, and the first failure ends it.</param>
    private bool Holds(SchemaNode node, in Scalar scalar, Scope? scope, int nesting, List<SchemaError>? errors)
    {
        if (!TryStep()) return false;
        if (nesting >= MaxInPlace)
        {
            GiveUp("nests too deep to judge");
            return false;
        }
        if (errors is null && node.Always.Has(scalar.Kind)) return true;

        var holds = IsOfKind(node, scalar, errors);
        if (!holds && errors is null) return false;
        foreach (var values in node.Values)
        {
            if (scalar.Kind == JsonKind.String ? values.Has(scalar.Text) : values.Kinds.Has(scalar.Kind) && values.Has(scalar.Value)) continue;
            holds = Wrong(errors, values.Path, values.Demand, scalar);
            if (errors is null) return false;
        }
        if (scalar.Kind == JsonKind.Number)
        {
            foreach (var rule in node.Numbers)
            {
                if (rule.Holds(scalar.Raw)) continue;
                holds = Wrong(errors, rule.Path, rule.Demand, scalar);
                if (errors is null) return false;
            }
        }
        else if (scalar.Kind == JsonKind.String)
        {
            holds &= TextHolds(node, scalar, errors);
        }
        return node.IsCompound && (holds || errors is not null) ? InPlaceHolds(node, scalar, scope, nesting + 1, errors) && holds : holds;
    }

    private bool IsOfKind(SchemaNode node, in Scalar scalar, List<SchemaError>? errors)
    {
        if (node.IsFalse)
        {
            errors?.Add(Error(node.Path, "is not allowed here", 0, frameCount));
            return false;
        }
        var isOfKind = node.Types.Has(scalar.Kind) && (scalar.Kind != JsonKind.Number || !node.IntegersOnly || IsInteger(scalar.Raw));
        return isOfKind || Wrong(errors, node, "type", node.TypeDemand, scalar);
    }

    private static bool IsInteger(ReadOnlySpan<byte> raw) =>
        raw.IndexOfAny((byte)'.', (byte)'e', (byte)'E') < 0 || (JsonNumbers.TryParse(raw, out var number) && number.IsInteger);

    private bool TextHolds(SchemaNode node, in Scalar scalar, List<SchemaError>? errors)
    {
        var holds = true;
        if (node.MinLength > 0 || node.MaxLength < scalar.Text.Length)
        {
            var length = JsonText.CountCodePoints(scalar.Text);
            if (length < node.MinLength) holds = WrongLength(errors, node, "minLength", "least", node.MinLength, length);
            if (length > node.MaxLength) holds = WrongLength(errors, node, "maxLength", "most", node.MaxLength, length);
            if (!holds && errors is null) return false;
        }
        if (node.Pattern is { } pattern && !Matches(pattern, scalar.Raw, scalar.Text, scalar.HasEscapes))
        {
            holds = Wrong(errors, node, "pattern", $"match the pattern {pattern.Shown}", scalar);
            if (errors is null) return false;
        }
        if (node.Format is { } format && !format(Characters(scalar.Raw, scalar.Text, scalar.HasEscapes)))
        {
            holds = Wrong(errors, node, "format", $"be of the format {node.FormatName}", scalar);
        }
        return holds;
    }

    private bool InPlaceHolds(SchemaNode node, in Scalar scalar, Scope? scope, int nesting, List<SchemaError>? errors)
    {
        var holds = true;
        foreach (var must in node.Must)
        {
            holds &= Holds(must, scalar, Enter(must, scope), nesting, errors);
            if (!holds && errors is null) return false;
        }
        if (node.Dynamic is { } dynamic)
        {
            var target = Resolve(dynamic, scope);
            holds &= Holds(target, scalar, Enter(target, scope), nesting, errors);
        }
        if (!node.AnyOf.IsEmpty && (holds || errors is not null)) holds &= AnyHolds(node, scalar, scope, nesting, errors);
        if (!node.OneOf.IsEmpty && (holds || errors is not null)) holds &= OneHolds(node, scalar, scope, nesting, errors);
        if (node.Not is { } not && (holds || errors is not null) && Holds(not, scalar, Enter(not, scope), nesting, null))
        {
            holds = false;
            errors?.Add(Error(node.At("not"), "matches a schema that it must not match", 0, frameCount));
        }
        if (node.If is not { } condition || (!holds && errors is null) || (node.Then ?? node.Else) is null) return holds;
        var branch = Holds(condition, scalar, Enter(condition, scope), nesting, null) ? node.Then : node.Else;
        return (branch is null || Holds(branch, scalar, Enter(branch, scope), nesting, errors)) && holds;
    }

    private bool AnyHolds(SchemaNode node, in Scalar scalar, Scope? scope, int nesting, List<SchemaError>? errors)
    {
        foreach (var branch in node.AnyOf)
        {
            if (Holds(branch, scalar, Enter(branch, scope), nesting, null)) return true;
        }
        errors?.Add(NoneOf(node.At("anyOf"), node.AnyOf, scalar, scope, nesting));
        return false;
    }

    private bool OneHolds(SchemaNode node, in Scalar scalar, Scope? scope, int nesting, List<SchemaError>? errors)
    {
        var first = -1;
        for (var i = 0; i < node.OneOf.Length; i++)
        {
            if (!Holds(node.OneOf[i], scalar, Enter(node.OneOf[i], scope), nesting, null)) continue;
            if (first >= 0)
            {
                errors?.Add(Error(node.At("oneOf"), $"matches the alternatives {first} and {i}; exactly one must match", 0, frameCount));
                return false;
            }
            first = i;
        }
        if (first < 0) errors?.Add(NoneOf(node.At("oneOf"), node.OneOf, scalar, scope, nesting));
        return first >= 0;
    }

    private bool Matches(SchemaPattern pattern, ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text, bool hasEscapes)
    {
        var outcome = pattern.Search(Characters(raw, text, hasEscapes));
        if (outcome == BoundedRegex.Outcome.TimedOut) GiveUp(pattern.TimeOut);
        return outcome == BoundedRegex.Outcome.Match;
    }

    /// <summary>The text of a string or a name, unescaped; good until the next one is read.</summary>
    private ReadOnlySpan<byte> Text(ReadOnlySpan<byte> raw, bool hasEscapes)
    {
        if (!hasEscapes) return raw;
        Room(raw.Length);
        return scratch.AsSpan(0, JsonText.Unescape(raw, scratch, isWhole: true));
    }

    private ReadOnlySpan<char> Characters(ReadOnlySpan<byte> raw, ReadOnlySpan<byte> text, bool hasEscapes)
    {
        if (hasEscapes) return JsonUnescape.Text(raw); // Lone surrogates come through.
        if (characters.Length < text.Length) characters = new char[text.Length];
        return characters.AsSpan(0, Encoding.UTF8.GetChars(text, characters));
    }

    private void Room(int length)
    {
        if (scratch.Length < length) scratch = new byte[Math.Max(length, scratch.Length * 2)];
    }

    /// <summary>What is known of a string that has not ended.</summary>
    private Beginning Beginning(ReadOnlySpan<byte> raw, bool counts, long start = -1)
    {
        var head = raw[..Math.Min(raw.Length, LongestBeginning)];
        var text = head;
        if (head.Contains((byte)'\\'))
        {
            if (beginningText.Length < head.Length) beginningText = new byte[LongestBeginning];
            text = beginningText.AsSpan(0, JsonText.Unescape(head, beginningText, isWhole: false));
        }
        if (!counts) return new Beginning(text, 0);
        var (at, count) = start >= 0 && start == countedFor ? (countedAt, counted) : (0, 0);
        JsonText.CountRaw(raw, ref at, ref count);
        if (start >= 0) (countedAt, counted, countedFor) = (at, count, start);
        return new Beginning(text, count);
    }

    private byte[] beginningText = [];

    private long DecidedAtValue(SchemaNode node, ReadOnlySpan<byte> raw, long start)
    {
        if (CanBegin(node, Beginning(raw, counts: true))) return Position;
        var (fits, fails) = (0, raw.Length); // What a beginning rules out, a longer one rules out too.
        while (fails - fits > 1)
        {
            var middle = (fits + fails) / 2;
            if (CanBegin(node, Beginning(raw[..middle], counts: true))) fits = middle;
            else fails = middle;
        }
        return start + fails - 1;
    }

    /// <summary>Whether a string that begins like this can still follow a schema.</summary>
    private static bool CanBegin(SchemaNode node, in Beginning beginning)
    {
        if (!node.Possible.HasFlag(KindSet.String)) return false;
        if (!node.WatchesText) return true;
        if (beginning.CodePoints > node.MaxLength) return false;
        foreach (var values in node.Values)
        {
            if (!values.HasFrom(beginning.Text)) return false;
        }
        foreach (var must in node.Must)
        {
            if (!CanBegin(must, beginning)) return false;
        }
        return CanBeginAny(node.AnyOf, beginning) && CanBeginAny(node.OneOf, beginning);
    }

    private static bool CanBeginAny(ImmutableArray<SchemaNode> branches, in Beginning beginning)
    {
        foreach (var branch in branches)
        {
            if (CanBegin(branch, beginning)) return true;
        }
        return branches.IsEmpty;
    }
}
