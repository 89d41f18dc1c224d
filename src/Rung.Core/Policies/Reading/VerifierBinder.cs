using Rung.Core.Policies.Documents;

namespace Rung.Core.Policies.Reading;

/// <summary>Makes verifiers and commands of YAML maps.</summary>
internal static class VerifierBinder
{
    public static VerifierEntry Verifier(string name, YamlValue? value) => new()
    {
        Name = name,
        Trained = value.Text("trained"),
        Llm = value.Child("llm") is YamlMap llm ? new ModelVerifierEntry(llm.Text("model"), llm.Text("rubric"), llm.Integer("max_tokens")) : null,
        Http = value.Child("http") is YamlMap http ? Http(http) : null,
        LimitSeconds = value.Number("limit_seconds"),
    };

    public static CommandEntry Command(string name, YamlValue? value) => new()
    {
        Name = name,
        Run = value.Texts("run") ?? [],
        File = value.Text("file"),
        Stdin = value.Flag("stdin"),
        Seconds = value.Number("seconds"),
        MemoryMb = value.Integer("memory_mb"),
        OutputKb = value.Integer("output_kb"),
    };

    private static HttpVerifierEntry Http(YamlMap value) => new()
    {
        Url = value.Text("url"),
        Body = value.Text("body"),
        Score = value.Text("score"),
        Label = value.Text("label"),
        Key = value.Child("key") is YamlMap key ? new SecretReference(key.Text("env"), key.Text("file")) : null,
        UsdPerCall = value.Number("usd_per_call"),
        PinnedCalls = value.Flag("pinned_calls"),
    };
}
