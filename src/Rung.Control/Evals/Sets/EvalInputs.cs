using Rung.Core.Statistics;

namespace Rung.Control.Evals.Sets;

/// <summary>What requests look like, for drift. Whoever compares must count the same text on both sides: this one.</summary>
public static class EvalInputs
{
    /// <summary>The profile of requests.</summary>
    /// <param name="requests">Requests in the form of chat completions, JSON, UTF-8.</param>
    /// <exception cref="System.Text.Json.JsonException">One is no JSON.</exception>
    public static InputProfile ProfileOf(IEnumerable<ReadOnlyMemory<byte>> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        var profile = new InputProfileBuilder();
        foreach (var request in requests)
        {
            ChatForm.ToolsOf(request, out var tools);
            profile.Add(ChatForm.TextOf(request), tools);
        }
        return profile.Build();
    }
}
