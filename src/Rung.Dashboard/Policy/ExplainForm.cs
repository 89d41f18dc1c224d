using System.Globalization;
using Rung.Control.Policies;
using Rung.Core.Policies;
using Rung.Dashboard.Frame;

namespace Rung.Dashboard.Policy;

/// <summary>What somebody wrote into the form of the explain page. Its fields are the parameters of the URL.</summary>
public sealed record ExplainForm
{
    /// <summary>How a client names a tag in the field for its model.</summary>
    private const string VirtualModel = "rung/";

    /// <summary>The tag; null: none.</summary>
    public string? Tag { get; init; }
    /// <summary>The role; null: none.</summary>
    public string? Role { get; init; }
    /// <summary>The model that the client names; <c>rung/TAG</c> names a tag. Null: none.</summary>
    public string? Model { get; init; }
    /// <summary>The end user; null: none.</summary>
    public string? User { get; init; }
    /// <summary>Tenant or team; null: none.</summary>
    public string? Tenant { get; init; }
    /// <summary>Data classes with commas; null: none.</summary>
    public string? DataClass { get; init; }
    /// <summary>Tokens of the prompt, as written; null: none.</summary>
    public string? InputTokens { get; init; }
    /// <summary>The output cap, as written; null: none.</summary>
    public string? MaxTokens { get; init; }
    /// <summary>What the call needs of its model.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>The revision to ask; null: the one in force.</summary>
    public string? Revision { get; init; }

    /// <summary>Whether anything was asked.</summary>
    public bool IsAsked { get; init; }

    /// <summary>Whether the client's model name is one that decides nothing.</summary>
    public bool HasIdleModel => Model is not null && !Model.StartsWith(VirtualModel, StringComparison.Ordinal);

    /// <summary>Reads it from the URL.</summary>
    public static ExplainForm Read(PageRequest page) => new()
    {
        Tag = page.Query("tag")?.Trim(), Role = page.Query("role")?.Trim(), Model = page.Query("model")?.Trim(), User = page.Query("user")?.Trim(), Tenant = page.Query("tenant")?.Trim(),
        DataClass = page.Query("data_class")?.Trim(), InputTokens = page.Query("input_tokens"), MaxTokens = page.Query("max_tokens"), Needs = page.QueryAll("needs"), Revision = page.Query("revision"),
        IsAsked = page.Query("asked") is not null || page.Query("tag") is not null || page.Query("role") is not null,
    };

    /// <summary>The answer, or what makes no sense in the question; neither when nothing was asked.</summary>
    public (CallAnswer? Answer, string? Problem) Ask(PolicySnapshot policy)
    {
        if (!IsAsked) return (null, null);
        if (!TryNumber(InputTokens, out var input)) return (null, $"Input tokens: '{InputTokens}' is no number of tokens.");
        if (!TryNumber(MaxTokens, out var most)) return (null, $"Output cap: '{MaxTokens}' is no number of tokens.");
        try
        {
            var facts = new CallQuestion
            {
                Tag = Tag ?? (Model?.StartsWith(VirtualModel, StringComparison.Ordinal) == true ? Model[VirtualModel.Length..] : null),
                Role = Role, User = User, Tenant = Tenant, DataClass = DataClass, Needs = Needs, InputTokens = input, MaxTokens = most,
            }.ToFacts();
            return (CallAnswer.Of(policy, facts), null);
        }
        catch (CallQuestionException e)
        {
            return (null, $"{e.Field.Replace('-', ' ')} {e.Problem} {e.Fix}");
        }
    }

    private static bool TryNumber(string? text, out int number)
    {
        number = 0;
        return string.IsNullOrWhiteSpace(text) || int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
