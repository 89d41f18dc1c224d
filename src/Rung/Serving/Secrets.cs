using Rung.Core.Policies;

namespace Rung.Serving;

/// <summary>Reads secrets from where the policy says they are: an environment variable or a file. Their text is never shown.</summary>
internal static class Secrets
{
    /// <summary>The text of a secret; null when it is not there or empty.</summary>
    public static string? Read(SecretReference reference)
    {
        var text = reference.Environment is { } name ? Environment.GetEnvironmentVariable(name) : ReadFile(reference.File!);
        text = text?.Trim();
        return string.IsNullOrEmpty(text) ? null : text;
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
