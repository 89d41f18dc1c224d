namespace Rung.Gateway.Dispatch;

/// <summary>A request that the gateway itself makes on behalf of a call: a further sample, a question to a verifier. Never streamed.</summary>
/// <param name="Content">Its body.</param>
/// <param name="EstimatedInputTokens">Its tokens, estimated, for an answer without a usage block.</param>
/// <param name="Limit">Limit of the whole exchange; null for the call's own limits alone.</param>
internal sealed record OwnRequest(HttpContent Content, long EstimatedInputTokens, TimeSpan? Limit);
