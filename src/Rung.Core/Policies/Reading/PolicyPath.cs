namespace Rung.Core.Policies.Reading;

/// <summary>Paths in a policy: <c>tags.classify-intent.checks[0].regex</c>. A name with a dot in it is quoted: <c>tags["a.b"].tier</c>.</summary>
internal static class PolicyPath
{
    public static string Of(string parent, string key)
    {
        if (key.AsSpan().IndexOfAny('.', '[', '"') >= 0) return $"{parent}[\"{key}\"]";
        return parent.Length == 0 ? key : $"{parent}.{key}";
    }

    public static string Item(string parent, int index) => $"{parent}[{index}]";

    /// <summary>The last key of a path, for a sentence.</summary>
    public static string Last(string path)
    {
        if (path.Length == 0) return "the policy";
        var dot = path.LastIndexOf('.');
        return path.EndsWith("\"]", StringComparison.Ordinal) || dot < 0 ? path : path[(dot + 1)..];
    }
}
