using System.Globalization;
using System.Runtime.CompilerServices;
using Rung.Core.Checks.Json;

namespace Rung.Core.Checks.Schema;

/// <summary>
/// One validation: where it stands in the answer, what it has found, and what it may still spend. Used by one thread. The first pass
/// of an answer collects nothing and stops at the first error; only an answer that failed is gone through again for its reasons.
/// </summary>
internal sealed class SchemaRun(bool collect)
{
    /// <summary>Schemas applied to values, at most. Alternatives inside recursive schemas can multiply without end; real answers need a few thousand.</summary>
    public const int MaxSteps = 500_000;
    private const int MaxNesting = 1_000;
    private const int MaxErrors = 20;
    private const int MaxPlaceLength = 30; // Leaves room for one excerpt of a value in a detail.

    private readonly List<string> place = [];
    private List<SchemaError>? errors = collect ? [] : null;
    private int steps;
    private int nesting;

    /// <summary>Why the run gave up, which makes the answer fail whatever the rules said; null when it did not.</summary>
    public string? GaveUp { get; private set; }

    /// <summary>What has been found so far.</summary>
    public IReadOnlyList<SchemaError> Errors => errors ?? [];

    /// <summary>Whether looking on after an error is of no use.</summary>
    public bool StopsAtFirstError => errors is null || errors.Count >= MaxErrors || GaveUp is not null;

    /// <summary>Counts a step down into a schema; false when a limit is reached, and then the run has given up.</summary>
    public bool TryEnter()
    {
        if (GaveUp is not null) return false;
        if (++steps > MaxSteps) GiveUp($"needs more than {MaxSteps} steps to judge");
        else if (nesting >= MaxNesting || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) GiveUp("nests too deep to judge");
        if (GaveUp is not null) return false;
        nesting++;
        return true;
    }

    /// <summary>The way back up from <see cref="TryEnter"/>.</summary>
    public void Leave() => nesting--;

    /// <summary>Ends the run as failed: a limit was reached.</summary>
    public void GiveUp(string reason) => GaveUp ??= reason;

    /// <summary>Applies a schema to a member or an item.</summary>
    public bool HoldsAt(SchemaNode node, JsonValue child, string name)
    {
        place.Add(name);
        var holds = node.Holds(child, this);
        place.RemoveAt(place.Count - 1);
        return holds;
    }

    /// <summary>Applies a schema to the item at an index.</summary>
    public bool HoldsAt(SchemaNode node, JsonValue child, int index) =>
        errors is null ? node.Holds(child, this) : HoldsAt(node, child, index.ToString(CultureInfo.InvariantCulture)); // No text for a place that nobody will read.

    /// <summary>Tries a schema without reporting: an alternative, a condition, a negation.</summary>
    public bool Probe(SchemaNode node, JsonValue value)
    {
        var kept = errors;
        errors = null;
        var holds = node.Holds(value, this);
        errors = kept;
        return holds;
    }

    /// <summary>The error of an alternative that lies deepest in the answer: most likely the alternative was meant, up to there.</summary>
    public SchemaError? Deepest(SchemaNode node, JsonValue value)
    {
        var kept = errors;
        var found = new List<SchemaError>();
        errors = found;
        node.Holds(value, this);
        errors = kept;
        return found.MaxBy(error => error.Depth);
    }

    /// <summary>Reports an error here. Always false, so that a rule can return it.</summary>
    /// <param name="schemaPath">The keyword that says so.</param>
    /// <param name="message">What is wrong, behind the place as its subject: <c>must be a string but is 12</c>.</param>
    /// <param name="taken">How many characters of the message come from the answer.</param>
    public bool Fail(string schemaPath, string message, int taken = 0)
    {
        if (errors is null || errors.Count >= MaxErrors) return false;
        var path = Place();
        errors.Add(new SchemaError(path, schemaPath, message, path.Length + taken, place.Count));
        return false;
    }

    /// <summary>Reports that a value is not what it must be. Always false.</summary>
    public bool Fail(string schemaPath, string demand, JsonValue value)
    {
        if (errors is null) return false; // Most runs collect nothing: spare them the words.
        var phrase = JsonPhrase.Of(value);
        return Fail(schemaPath, $"must {demand} but is {phrase}", phrase.Length);
    }

    /// <summary>Whether errors are collected; when not, building a message is wasted.</summary>
    public bool Collects => errors is not null;

    private string Place()
    {
        var pointer = string.Concat(place.Select(step => "/" + JsonPointer.Escape(step)));
        return Excerpt.Bare(pointer, maxLength: MaxPlaceLength);
    }
}
