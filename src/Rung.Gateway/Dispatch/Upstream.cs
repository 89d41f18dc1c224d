using System.Text;
using System.Text.Json;
using Rung.Core.Policies;

namespace Rung.Gateway.Dispatch;

/// <summary>One model as the gateway reaches it: address, key, and what was lately seen of it.</summary>
internal sealed class Upstream
{
    private readonly string? key;
    private readonly byte[] keyBytes = [];

    public Upstream(Model model, string? key, ModelHealth health)
    {
        Model = model;
        Health = health;
        MissingKey = model.Key is not null && key is null;
        var query = model.ApiVersion is null ? "" : $"?api-version={Uri.EscapeDataString(model.ApiVersion)}";
        Address = new Uri($"{model.BaseUrl.AbsoluteUri.TrimEnd('/')}/chat/completions{query}");
        UpstreamIdJson = JsonSerializer.SerializeToUtf8Bytes(model.UpstreamId);
        if (key is null) return;
        this.key = key;
        keyBytes = Encoding.UTF8.GetBytes(key);
        (KeyName, KeyValue) = model.KeyHeader == KeyHeader.ApiKey ? ("api-key", key) : ("Authorization", $"Bearer {key}");
    }

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
    public bool KeyIsQuotedIn(ReadOnlySpan<byte> text) => keyBytes.Length > 0 && text.IndexOf(keyBytes) >= 0;

    /// <inheritdoc cref="KeyIsQuotedIn(ReadOnlySpan{byte})"/>
    public bool KeyIsQuotedIn(string text) => key is not null && text.Contains(key, StringComparison.Ordinal);
}
