using Rung.Core.Policies;

namespace Rung.Serving;

/// <summary>Reads secrets from where the policy says they are: an environment variable or a file. Their text is never shown.</summary>
internal static class Secrets
{
    /// <summary>The text of a secret; null when it is not there, empty, or holds anything but printable ASCII.</summary>
    public static string? Read(SecretReference reference)
    {
        var text = reference.Environment is { } name ? Environment.GetEnvironmentVariable(name) : ReadFile(reference.File!);
        text = text?.Trim();
        // What no header can carry is no key: sent as it is, a line break would start a header of its own.
        return string.IsNullOrEmpty(text) || text.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0 ? null : text;
    }

    private static string? ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // Reported as a model without a key.
        }
    }
}
