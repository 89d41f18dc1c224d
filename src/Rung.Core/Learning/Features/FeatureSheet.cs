namespace Rung.Core.Learning.Features;

/// <summary>The numbers of one answer while they are gathered. What is not set is 0.</summary>
internal sealed class FeatureSheet
{
    // Most counts are small, and a logarithm takes longer than looking one up.
    private static readonly float[] s_logs = [.. Enumerable.Range(0, 256).Select(count => (float)Math.Log(1.0 + count))];

    private readonly float[] _values = new float[AnswerFeatures.Count];

    /// <summary>Sets a number as it is; what is not finite, or huge, is bounded.</summary>
    public double this[Feature feature]
    {
        get => _values[(int)feature];
        set => _values[(int)feature] = double.IsNaN(value) ? 0 : (float)Math.Clamp(value, -1e6, 1e6);
    }

    /// <summary>Sets 1 or 0.</summary>
    public void Flag(Feature feature, bool value) => this[feature] = value ? 1 : 0;

    /// <summary>Sets the logarithm of one plus a count: twice as long is as much more at 10 as at 1,000.</summary>
    public void Log(Feature feature, double count) => this[feature] = Math.Log(1 + Math.Max(0, count));

    /// <inheritdoc cref="Log(Feature, double)"/>
    public void Log(Feature feature, int count)
    {
        if ((uint)count < (uint)s_logs.Length) _values[(int)feature] = s_logs[count];
        else Log(feature, (double)count);
    }

    /// <summary>Sets a quotient; 0 where there is nothing to divide by.</summary>
    public void Share(Feature feature, double part, double whole) => this[feature] = whole > 0 ? part / whole : 0;

    /// <summary>The numbers, in the order of <see cref="Feature"/>.</summary>
    public float[] ToArray() => _values;
}
