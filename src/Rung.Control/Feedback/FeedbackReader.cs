using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Rung.Core.Spans;

namespace Rung.Control.Feedback;

/// <summary>Reads the body of <c>POST /rung/feedback</c>: one item, or an array of them. Strict: an unknown field, a field twice or a number out of range is refused with its place.</summary>
public static class FeedbackReader
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>The fields that a signal may be given by; also what <c>kind</c> may say.</summary>
    private static readonly string[] SignalFields = ["thumbs", "score", "override", "task_completed", "conversation_length", "escalated_to_person"];

    /// <summary>Reads a body.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="now">The time of an item that tells none.</param>
    /// <param name="scope">What the sender's token is for: an item need not name it; null for a sender without one.</param>
    /// <exception cref="FeedbackException">It cannot be used; nothing of it is.</exception>
    public static IReadOnlyList<FeedbackItem> Read(ReadOnlyMemory<byte> json, DateTimeOffset now, FeedbackScope? scope)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, Options);
        }
        catch (JsonException e)
        {
            // The message of a duplicate name would quote it.
            throw new FeedbackException("", $"This is no JSON, is nested too deep, or has a field twice (line {e.LineNumber + 1 ?? 1}).", "Send an object, or an array of objects.");
        }
        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object) return [ReadItem(root, "", now, scope)];
            if (root.ValueKind != JsonValueKind.Array) throw new FeedbackException("", "This is neither an object nor an array.", "Send {\"call_id\": …, \"thumbs\": \"up\"}, or an array of such objects.");
            var count = root.GetArrayLength();
            if (count is 0 or > FeedbackLimits.Items) throw new FeedbackException("", $"The array has {count} items.", $"Send 1 to {FeedbackLimits.Items} at a time.");
            var items = new List<FeedbackItem>(count);
            foreach (var element in root.EnumerateArray())
            {
                var place = $"[{items.Count}]";
                if (element.ValueKind != JsonValueKind.Object) throw new FeedbackException(place, "This is no object.", "Send {\"call_id\": …, \"thumbs\": \"up\"}.");
                items.Add(ReadItem(element, place, now, scope));
            }
            return items;
        }
    }

    private static FeedbackItem ReadItem(JsonElement element, string place, DateTimeOffset now, FeedbackScope? scope)
    {
        var fields = new FeedbackFields(element, place);
        var signals = ImmutableArray.CreateBuilder<FeedbackSignal>();
        FeedbackOverride? replaced = null;
        var (kind, value) = (fields.Text("kind", FeedbackLimits.Name), fields.Any("value"));
        foreach (var name in SignalFields)
        {
            var given = fields.Any(name);
            if (kind == name)
            {
                if (given is not null) throw fields.Fault(name, "It is given twice, as a field and as kind.", "Leave one out.");
                given = value ?? throw fields.Fault("value", "It is missing.", $"Send it beside \"kind\": \"{name}\".");
            }
            if (given is not { } signal) continue;
            var at = kind == name ? "value" : name;
            if (name == "override") replaced = ReadOverride(signal, fields.Inner(at));
            else signals.Add(ReadSignal(name, signal, fields, at));
        }
        if (kind is not null && !SignalFields.Contains(kind)) throw fields.Fault("kind", "It is no kind of feedback.", $"Use one of {string.Join(", ", SignalFields)}.");
        if (kind is null && value is not null) throw fields.Fault("value", "It stands without a kind.", "Add \"kind\", or use the field of the kind itself.");

        var item = new FeedbackItem
        {
            Place = place, Key = fields.Text("id", FeedbackLimits.Key), CallId = CallId(fields), Session = Session(fields), By = By(fields),
            Name = fields.Text("name", FeedbackLimits.Name), At = At(fields, now), Comment = fields.Text("comment", FeedbackLimits.Comment),
            Signals = signals.ToImmutable(), Override = replaced,
        };
        fields.RefuseOthers();
        if (item.CallId is null && item.Session is null && scope is null)
            throw fields.Fault("call_id", "It is missing, and so is session.", "Send the header x-rung-call-id of the answer as call_id, or the session that the call was made under.");
        if (item.CallId is null && item.Override is not null && scope?.CallId is null) throw fields.Fault("call_id", "It is missing.", "An override replaces the answer of one call: name it.");
        if (item.Signals.IsEmpty && item.Override is null && item.Comment is null)
            throw fields.Fault("", "It says nothing.", $"Send at least one of {string.Join(", ", SignalFields)}, comment.");
        return item;
    }

    private static FeedbackSignal ReadSignal(string name, JsonElement value, FeedbackFields fields, string at) => name switch
    {
        "thumbs" => new(VerdictKind.Thumbs, Thumbs(value, fields, at)),
        "score" => new(VerdictKind.Score, Score(value, fields, at)),
        "task_completed" => new(VerdictKind.TaskCompleted, Truth(value, fields, at) ? 1 : 0),
        "conversation_length" => new(VerdictKind.ConversationLength, Turns(value, fields, at)),
        _ => new(VerdictKind.Escalated, Truth(value, fields, at) ? 0 : 1),
    };

    private static double Thumbs(JsonElement value, FeedbackFields fields, string at) => value.ValueKind switch
    {
        JsonValueKind.True => 1,
        JsonValueKind.False => 0,
        JsonValueKind.String when value.ValueEquals("up"u8) => 1,
        JsonValueKind.String when value.ValueEquals("down"u8) => 0,
        _ => throw fields.Fault(at, "It is neither up nor down.", "Send \"up\", \"down\", true or false."),
    };

    private static bool Truth(JsonElement value, FeedbackFields fields, string at) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw fields.Fault(at, "It is neither true nor false.", "Send true or false."),
    };

    private static double Turns(JsonElement value, FeedbackFields fields, string at) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var turns) && turns is >= 0 and <= FeedbackLimits.Turns
            ? turns
            : throw fields.Fault(at, "It is no number of turns.", $"Send a whole number from 0 to {FeedbackLimits.Turns}.");

    // A plain number lies between 0 and 1; of another scale the ends are told with it.
    private static double Score(JsonElement value, FeedbackFields fields, string at)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetDouble(out var score) && score is >= 0 and <= 1
                ? score
                : throw fields.Fault(at, "It does not lie between 0 and 1.", "For another scale send {\"value\": 4, \"min\": 1, \"max\": 5}.");
        }
        if (value.ValueKind != JsonValueKind.Object) throw fields.Fault(at, "It is no number.", "Send a number from 0 to 1, or {\"value\": 4, \"min\": 1, \"max\": 5}.");
        var inner = new FeedbackFields(value, fields.Inner(at));
        var (given, least, most) = (inner.Number("value"), inner.Number("min") ?? 0, inner.Number("max") ?? 1);
        inner.RefuseOthers();
        if (given is not { } number) throw inner.Fault("value", "It is missing.", "Send {\"value\": 4, \"min\": 1, \"max\": 5}.");
        if (!(least < most)) throw inner.Fault("max", "It is not above min.", "Send the worst value as min and the best as max.");
        if (!(number >= least && number <= most)) throw inner.Fault("value", "It does not lie between min and max.", "Send the ends of the whole scale.");
        var share = (number / 2 - least / 2) / (most / 2 - least / 2); // Halves: the difference of two very large numbers would overflow.
        return double.IsFinite(share) ? Math.Clamp(share, 0, 1) : throw inner.Fault("value", "The scale is too narrow to be measured.", "Send another scale.");
    }

    private static FeedbackOverride ReadOverride(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.Object) throw new FeedbackException(place, "It is no object.", "Send {\"replacement\": \"…\"}, with \"original\" or \"distance\" where you have them.");
        var inner = new FeedbackFields(value, place);
        var (original, replacement, distance) = (inner.Text("original", FeedbackLimits.Text), inner.Text("replacement", FeedbackLimits.Text), inner.Number("distance"));
        inner.RefuseOthers();
        if (distance is not (null or >= 0 and <= 1)) throw inner.Fault("distance", "It does not lie between 0 and 1.", "0: nothing was changed, 1: everything.");
        if (replacement is null && distance is null) throw inner.Fault("replacement", "It is missing, and so is distance.", "Send what the answer was replaced with, or the share that was changed.");
        if (replacement is null && original is not null) throw inner.Fault("replacement", "It is missing.", "Send what the answer was replaced with, too.");
        return new FeedbackOverride(original, replacement, distance);
    }

    private static string? CallId(FeedbackFields fields)
    {
        var id = fields.Text("call_id", 64);
        if (id is null || IsCallId(id)) return id;
        throw fields.Fault("call_id", "It is no id of a call.", "These have 32 hexadecimal digits in lower case, as in the header x-rung-call-id.");
    }

    /// <summary>Whether a text has the form of a call's id.</summary>
    public static bool IsCallId(string id) => id.Length == 32 && id.All(char.IsAsciiHexDigitLower);

    private static string? Session(FeedbackFields fields)
    {
        var session = fields.Text("session", 4096);
        return session is { Length: > FeedbackLimits.Session } ? session[..FeedbackLimits.Session] : session;
    }

    private static string By(FeedbackFields fields)
    {
        var by = fields.Text("by", FeedbackLimits.Key);
        if (by is null) return "user";
        return by.Contains('@', StringComparison.Ordinal) ? throw fields.Fault("by", "It looks like an e-mail address.", "Send a pseudonym: verdicts are kept for good.") : by;
    }

    private static DateTimeOffset At(FeedbackFields fields, DateTimeOffset now)
    {
        if (fields.Text("at", 64) is not { } text) return now.ToUniversalTime();
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at))
            throw fields.Fault("at", "It is no time.", "Send ISO 8601, as 2026-11-22T08:00:00Z.");
        if (at > now + FeedbackLimits.Ahead) throw fields.Fault("at", "It lies in the future.", "Send when the feedback was given, with its offset from UTC, or leave it out.");
        if (at.Year < 2000) throw fields.Fault("at", "It lies too far back.", "Send when the feedback was given, or leave it out.");
        return at;
    }
}
