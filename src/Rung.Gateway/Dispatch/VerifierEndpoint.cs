using Rung.Core.Checks;

namespace Rung.Gateway.Dispatch;

/// <summary>A served verifier as the gateway reaches it: key, and what was lately seen of it.</summary>
internal sealed class VerifierEndpoint(HttpVerifier verifier, string? key, ModelHealth health)
{
    public HttpVerifier Verifier { get; } = verifier;

    public ModelHealth Health { get; } = health;

    /// <summary>The policy names a key that cannot be read: it is not asked.</summary>
    public bool MissingKey { get; } = verifier.Key is not null && key is null;

    /// <summary>Puts the key on a request.</summary>
    public void Sign(HttpRequestMessage request)
    {
        if (key is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
    }
}
