namespace Rung.Core.Redaction;

/// <summary>Content cannot be redacted, so it must not be kept. The message holds nothing of it.</summary>
public sealed class RedactionException : Exception
{
    /// <summary>Says why.</summary>
    public RedactionException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
