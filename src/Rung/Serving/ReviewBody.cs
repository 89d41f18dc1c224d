using System.Text.Json;
using Rung.Control.Reviews;
using Rung.Storage.Content;

namespace Rung.Serving;

/// <summary>Reads a verdict as it is posted: <c>{"reviewer": "ana", "choice": "left", "good": "both", "comment": "…"}</c>.</summary>
internal static class ReviewBody
{
    /// <summary>Largest body, in bytes.</summary>
    public const int MostBytes = 64 * 1024;

    private static readonly Dictionary<string, ReviewChoice> s_choices = Enum.GetValues<ReviewChoice>().ToDictionary(choice => choice.ToString().ToLowerInvariant(), StringComparer.Ordinal);
    private static readonly Dictionary<string, ReviewGood> s_good = Enum.GetValues<ReviewGood>().ToDictionary(good => good.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    /// <summary>Reads what it says.</summary>
    /// <exception cref="ReviewException">It says nothing that can be understood.</exception>
    public static ReviewOpinion Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind != JsonValueKind.Object) throw Invalid("The body is no JSON object.");
            string? reviewer = null, choice = null, good = null, comment = null;
            int? rating = null;
            foreach (var member in document.RootElement.EnumerateObject())
            {
                switch (member.Name)
                {
                    case "reviewer":
                        reviewer = Text(member);
                        break;
                    case "choice":
                        choice = Text(member);
                        break;
                    case "good":
                        good = Text(member);
                        break;
                    case "comment":
                        comment = Text(member);
                        break;
                    case "rating":
                        rating = member.Value.ValueKind == JsonValueKind.Null ? null
                            : member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var number) ? number : throw Invalid("\"rating\" is a whole number, 1 to 5.");
                        break;
                    default:
                        throw Invalid($"There is no field \"{member.Name}\".");
                }
            }
            if (choice is null || !s_choices.TryGetValue(choice, out var chosen)) throw Invalid("\"choice\" is missing or unknown.");
            ReviewGood? enough = good is null ? null : s_good.TryGetValue(good, out var known) ? known : throw Invalid("\"good\" is both, better or neither.");
            return new ReviewOpinion { Reviewer = ReviewOpinion.RequireName(reviewer), Choice = chosen, Good = enough, Rating = rating, Comment = comment };
        }
        catch (JsonException)
        {
            throw Invalid("The body is no JSON.");
        }
    }

    private static string? Text(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => member.Value.GetString(),
        _ => throw Invalid($"\"{member.Name}\" is a text."),
    };

    private static ReviewException Invalid(string problem) => new(ReviewFault.Invalid, problem,
        "Send reviewer, choice (left, right, tie, good, bad, unsure or skip), and where they fit good (both, better or neither), rating and comment.");
}
