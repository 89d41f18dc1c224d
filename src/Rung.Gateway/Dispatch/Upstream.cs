using System.Text;
using System.Text.Json;
using Rung.Core.Policies;

namespace Rung.Gateway.Dispatch;

/// <summary>One model as the gateway reaches it: address, key, and what was lately seen of it.</summary>
internal sealed class Upstream
{
    public Upstream(Model model, string? key, ModelHealth health)
    {
        Model = model;
        Health = health;
        MissingKey = model.Key is not null && key is null;
        var query = model.ApiVersion is null ? "" : $"?api-version={Uri.EscapeDataString(model.ApiVersion)}";
        Address = new Uri($"{model.BaseUrl.AbsoluteUri.TrimEnd('/')}/chat/completions{query}");
        UpstreamIdJson = JsonSerializer.SerializeToUtf8Bytes(model.UpstreamId);
        if (key is null) return;
        keyBytes = Encoding.UTF8.GetBytes(key);
        (KeyName, KeyValue) = model.KeyHeader == KeyHeader.ApiKey ? ("api-key", key) : ("Authorization", $"Bearer {key}");
    }

    private readonly byte[] keyBytes = [];

    public Model Model { get; }

    public ModelHealth Health { get; }

    public Uri Address { get; }

    /// <summary>The upstream's model id as JSON text, ready to stand in a body.</summary>
    public ReadOnlyMemory<byte> UpstreamIdJson { get; }

    /// <summary>The policy names a key that cannot be read: the model is not tried.</summary>
    public bool MissingKey { get; }

    public string? KeyName { get; }

    public string? KeyValue { get; }

    /// <summary>Whether a text of the upstream quotes the key that the gateway sent it.</summary>
    public bool IsQuotedIn(ReadOnlySpan<byte> text) => keyBytes.Length > 0 && text.IndexOf(keyBytes) >= 0;

    /// <inheritdoc cref="IsQuotedIn(ReadOnlySpan{byte})"/>
    public bool IsQuotedIn(string text) => KeyValue is not null && text.Contains(KeyName == "Authorization" ? KeyValue["Bearer ".Length..] : KeyValue, StringComparison.Ordinal);
}
