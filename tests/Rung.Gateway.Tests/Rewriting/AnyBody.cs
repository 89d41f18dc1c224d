using System.Text;

namespace Rung.Gateway.Tests.Rewriting;

/// <summary>Chat requests drawn from a seed: any order, any whitespace, any spelling of names, texts and numbers, and fields that nobody knows.</summary>
internal sealed class AnyBody(int seed)
{
    private static readonly string[] Numbers = ["0", "-0", "1.50", "1e3", "1E-7", "-12.0", "123456789012345678901234567890", "2", "0.10", "64.0", "5e1"];
    private static readonly string[] Texts = ["\"\"", "\"grüße\"", "\"\\u00fc\\ud83c\\udf89\"", "\"a\\/b\\n\"", "\"🎉\"", "\"{\\\"model\\\":1}\"", "\"max_tokens\"", "\"}\"", "\"<&'>\""];
    private static readonly string[] Unknown = ["x", "seed", "top_p", "tools_x", "Model", "max_tokens ", "", "\\u0078y", "größe", "user", "n", "stop", "response_format", "temperatur", "session_id"];
    private readonly Random random = new(seed);

    /// <summary>A body; with governed fields beside the model, or with none that any rule touches.</summary>
    public string Next(bool governed)
    {
        var fields = new List<string> { Field("model", Texts[random.Next(Texts.Length)]), Field("messages", Array(2)) };
        if (governed)
        {
            Sometimes(fields, "max_tokens", () => Cap());
            Sometimes(fields, "max_completion_tokens", () => Cap());
            Sometimes(fields, "temperature", () => random.Next(4) == 0 ? "null" : Pick(["0", "0.50", "1", "1e0", "2.0", "1.9e-1"]));
            Sometimes(fields, "stream", () => Pick(["true", "false", "null"]));
            Sometimes(fields, "stream_options", () => Pick(["null", "{}", "{ \"include_usage\" : true }", "{\"include_usage\":false,\"x\":[1.0]}", "{\"other\":\"\\u00fc\"}"]));
            Sometimes(fields, "metadata", () => Pick(["null", "{}", "{\"a\":\"b\"}", "{\"rung_tag\":\"t\"}", "{\"a\":\"1\" , \"tag\":\"t\",\"b\":\"2\"}", "{\"tags\":[\"x\"],\"keep\":\"y\"}", "{\"tags\":\"plain\"}"]));
            Sometimes(fields, "tags", () => Pick(["[]", "[\"a\"]", "\"a\"", "null"]));
        }
        foreach (var name in Unknown.Where(_ => random.Next(3) == 0)) fields.Add($"\"{name}\"{Space()}:{Space()}{Value(3)}");
        return $"{Space()}{{{Space()}{string.Join($"{Space()},{Space()}", fields.OrderBy(_ => random.Next()))}{Space()}}}{Space()}";
    }

    private void Sometimes(List<string> fields, string name, Func<string> value)
    {
        if (random.Next(2) == 0) fields.Add(Field(name, value()));
    }

    /// <summary>The name as it is, or with one letter escaped.</summary>
    private string Field(string name, string value)
    {
        var at = random.Next(name.Length);
        var spelt = random.Next(4) == 0 ? $"{name[..at]}\\u{(int)name[at]:x4}{name[(at + 1)..]}" : name;
        return $"\"{spelt}\"{Space()}:{Space()}{value}";
    }

    private string Cap() => Pick(["1", "50", "64.0", "5e1", "100", "101", "5000", "null", "0", "-1", "1e12", "99999999999999999999", "\"50\"", "0.5"]);

    private string Value(int depth) => random.Next(depth > 0 ? 6 : 4) switch
    {
        0 => Pick(Numbers), 1 => Pick(Texts), 2 => Pick(["true", "false", "null"]), 3 => Pick(Numbers), 4 => Array(depth), _ => Object(depth),
    };

    private string Array(int depth) => $"[{Space()}{string.Join($"{Space()},{Space()}", Enumerable.Range(0, random.Next(4)).Select(_ => Value(depth - 1)))}{Space()}]";

    private string Object(int depth) => $"{{{Space()}{string.Join($"{Space()},{Space()}", Enumerable.Range(0, random.Next(4)).Select(i => $"\"model{i}\"{Space()}:{Space()}{Value(depth - 1)}"))}{Space()}}}";

    private string Pick(string[] from) => from[random.Next(from.Length)];

    private string Space() => random.Next(5) switch { 0 => " ", 1 => "\n\t", 2 => "\r\n", _ => "" };
}
