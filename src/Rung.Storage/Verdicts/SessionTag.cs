namespace Rung.Storage.Verdicts;

/// <summary>A session has calls of a tag.</summary>
/// <param name="Session">The session.</param>
/// <param name="Tag">The tag.</param>
public readonly record struct SessionTag(string Session, string Tag);
