using System.Text;
using System.Text.Json;
using Rung.Core.Checks;

namespace Rung.Core.Learning.Features;

/// <summary>Whether the tool calls of an answer fit what the request declared and what the prompt says.</summary>
internal static class ToolFeatures
{
    private const int MaxCalls = 64;
    private const int MaxToolsBytes = 256 * 1024;
    private static readonly JsonDocumentOptions s_reading = new() { MaxDepth = 64, AllowDuplicateProperties = true };

    public static void Write(TextFacts prompt, TextFacts text, Answer answer, DeclaredTools? declared, FeatureSheet sheet)
    {
        try
        {
            WriteAll(prompt, text, answer, declared, sheet);
        }
        catch (InvalidOperationException)
        {
            // How JsonElement says that a string is not valid Unicode: what was counted before it stands.
        }
    }

    private static void WriteAll(TextFacts prompt, TextFacts text, Answer answer, DeclaredTools? declared, FeatureSheet sheet)
    {
        var calls = answer.ToolCalls.IsDefault ? [] : answer.ToolCalls;
        if (calls.IsEmpty && declared is null) return;

        var tools = declared?.Tools ?? [];
        WriteDeclared(prompt, tools, calls.IsEmpty ? null : calls[0].Name, sheet);
        sheet.Log(Feature.CallsMade, calls.Length);
        sheet.Flag(Feature.TextInsteadOfCall, calls.IsEmpty && !text.IsBlank);
        sheet.Flag(Feature.CallsAndText, !calls.IsEmpty && !text.IsBlank);
        sheet.Flag(Feature.QuestionWithoutCall, calls.IsEmpty && text.Text.Contains('?', StringComparison.Ordinal));
        if (!calls.IsEmpty) WriteCalls(prompt, calls.AsSpan()[..Math.Min(calls.Length, MaxCalls)], tools, sheet);
    }

    private static void WriteDeclared(TextFacts prompt, List<DeclaredTool> tools, string? called, FeatureSheet sheet)
    {
        sheet.Log(Feature.ToolsDeclared, tools.Count);
        if (tools.Count == 0) return;
        sheet.Log(Feature.DeclaredParameters, tools.Sum(tool => tool.Properties.Count) / (double)tools.Count);
        sheet.Log(Feature.RequiredParameters, tools.Sum(tool => tool.Required.Count) / (double)tools.Count);
        sheet[Feature.SchemaDepth] = tools.Max(tool => tool.Depth);
        sheet.Log(Feature.DescriptionWords, tools.Sum(tool => tool.Description.AsSpan().Count(' ')) / (double)tools.Count);
        sheet.Log(Feature.LanguageTypes, tools.Count(tool => tool.Description.Contains("java", StringComparison.Ordinal)) + tools.Sum(tool => tool.Untyped));

        var content = prompt.Content;
        double chosen = 0, other = 0;
        foreach (var tool in tools)
        {
            var overlap = Overlap(content, tool.Words);
            if (tool.Name == called) chosen = Math.Max(chosen, overlap);
            else other = Math.Max(other, overlap);
        }
        sheet[Feature.DescriptionOverlap] = chosen;
        sheet[Feature.BestOtherToolInPrompt] = other;
        sheet[Feature.NameWordsInPrompt] = called is null ? 0 : Overlap(content, TextFacts.ContentOf(DeclaredTool.Spoken(called)));
    }

    private static void WriteCalls(TextFacts prompt, ReadOnlySpan<ToolCall> calls, List<DeclaredTool> tools, FeatureSheet sheet)
    {
        var facts = new ArgumentFacts(prompt);
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var whole = new HashSet<string>(StringComparer.Ordinal);
        int undeclared = 0, broken = 0, empty = 0, chars = 0, parameters = 0;
        foreach (var call in calls)
        {
            names[call.Name] = names.GetValueOrDefault(call.Name) + 1;
            whole.Add($"{call.Name}\n{Encoding.UTF8.GetString(call.Arguments.Span[..Math.Min(call.Arguments.Length, 4096)])}");
            chars += call.Arguments.Length;
            if (tools.Find(tool => tool.Name == call.Name) is not { } tool)
            {
                undeclared++;
                continue;
            }
            parameters += tool.Properties.Count;
            using var arguments = Parse(call.Arguments);
            if (arguments is not { RootElement.ValueKind: JsonValueKind.Object }) broken++;
            else
            {
                if (!arguments.RootElement.EnumerateObject().Any()) empty++;
                facts.Add(arguments.RootElement, tool);
            }
        }
        sheet.Log(Feature.UndeclaredCalls, undeclared);
        sheet.Log(Feature.BrokenArguments, broken);
        sheet.Log(Feature.EmptyArguments, empty);
        sheet.Log(Feature.ArgumentChars, chars);
        sheet.Log(Feature.SameFunctionCalls, names.Values.Max() - 1);
        sheet.Log(Feature.DistinctFunctionsCalled, names.Count);
        sheet.Log(Feature.DuplicateCalls, calls.Length - whole.Count);
        sheet[Feature.CallsToConjunctions] = Math.Log((double)calls.Length / (1 + prompt.Count(Feature.SaysConjunctions)));
        sheet.Share(Feature.CallsToTools, names.Count, tools.Count);
        sheet.Log(Feature.MissingRequired, facts.Missing);
        sheet.Log(Feature.UnknownArguments, facts.Unknown);
        sheet.Log(Feature.WrongTypes, facts.WrongTypes);
        sheet.Log(Feature.WrongEnums, facts.WrongEnums);
        sheet.Log(Feature.ArgumentsGiven, facts.Given);
        sheet.Share(Feature.ArgumentShare, facts.Given, parameters);
        sheet.Log(Feature.OptionalGiven, facts.Optional);
        sheet.Log(Feature.ValuesInPrompt, facts.Placed);
        sheet.Share(Feature.ValuesShareInPrompt, facts.Placed, facts.Values);
        sheet.Log(Feature.NumbersUnplaced, facts.UnplacedNumbers);
        sheet.Log(Feature.DefaultsGiven, facts.Defaults);
        sheet.Log(Feature.NestedArguments, facts.Nested);
        sheet.Log(Feature.StringsWithCode, facts.CodeStrings);
        sheet.Log(Feature.EmptyStrings, facts.EmptyStrings);
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty || json.Length > MaxToolsBytes) return null;
        try
        {
            return JsonDocument.Parse(json, s_reading);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static double Overlap(WordSet content, WordSet words) => words.Count == 0 ? 0 : words.CountIn(content) / (double)words.Count;
}
