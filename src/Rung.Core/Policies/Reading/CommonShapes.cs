namespace Rung.Core.Policies.Reading;

/// <summary>Shapes that several parts of the policy share. A class of its own, because static fields of one class see only those above them.</summary>
internal static class CommonShapes
{
    public static readonly TextShape Name = new() { Longest = 64, Pattern = PolicyShape.NamePattern, PatternInWords = "a name of 1 to 64 of the characters a-z, 0-9, '.', '_' and '-'" };
    public static readonly TextShape Text = new();
    public static readonly TextShape Prose = new() { Longest = 2000 };
    public static readonly BooleanShape Flag = new();
    public static readonly NumberShape Usd = new(0, 1_000_000, Decimals: 9);
    public static readonly NumberShape AnyNumber = new(decimal.MinValue, decimal.MaxValue, Decimals: 28);
    public static readonly NumberShape Share = new(0, 1, Decimals: 6);
    public static readonly NumberShape Seconds = new(0.1m, 7200, Decimals: 3);

    /// <summary>The bare name of an environment variable. A value that does not fit is never echoed: it may be the secret itself.</summary>
    public static readonly TextShape Variable = new() { Longest = 128, Pattern = "^[A-Za-z_][A-Za-z0-9_]{0,127}$", PatternInWords = "the bare name of an environment variable", IsSensitive = true };

    public static readonly ObjectShape Key = new("key",
    [
        new("env", Variable, "Name of the environment variable that holds the key."),
        new("file", new TextShape { IsSensitive = true }, "Path of the file that holds the key."),
    ]) { IsOneKey = true };
}
