using System.Collections.Frozen;
using System.Security.Cryptography;
using Rung.Core.Checks;
using Rung.Core.Checks.Json;
using Rung.Core.Learning;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;
using Rung.Core.Verifiers;

namespace Rung.Core.Policies.Compiling;

/// <summary>Builds the verifiers of a policy. Those with faults are left out.</summary>
internal sealed class VerifierBuilder(PolicyDocument document, IncludedFiles files, FaultList faults)
{
    private const int MostFileBytes = 16 * 1024 * 1024;

    private readonly Dictionary<string, Verifier> all = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OutsideVerifier> outside = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TrainedFile> trained = new(StringComparer.Ordinal);

    /// <summary>Every good verifier, as a check asks it.</summary>
    public IReadOnlyDictionary<string, Verifier> All => all;

    /// <summary>Those that live outside.</summary>
    public FrozenDictionary<string, OutsideVerifier> Outside => outside.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Those that were trained.</summary>
    public FrozenDictionary<string, TrainedFile> Trained => trained.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Builds all of them.</summary>
    public void Build()
    {
        foreach (var entry in document.Verifiers)
        {
            var path = PolicyPath.Of("verifiers", entry.Name);
            if (faults.HasAt(path + ".") || !HasOneKind(entry, path)) continue;
            if (entry.Trained is { } file) BuildTrained(entry, file, path);
            else if (entry.Llm is { } llm) BuildModel(entry, llm, path);
            else if (entry.Http is { } http) BuildHttp(entry, http, path);
        }
    }

    private bool HasOneKind(VerifierEntry entry, string path)
    {
        var kinds = (entry.Trained is null ? 0 : 1) + (entry.Llm is null ? 0 : 1) + (entry.Http is null ? 0 : 1);
        if (kinds != 1)
            Fault(path, null, kinds == 0 ? "The verifier has no kind." : "The verifier has more than one kind.", "Write exactly one of trained, llm and http.");
        return kinds == 1;
    }

    private void BuildTrained(VerifierEntry entry, string file, string path)
    {
        if (entry.LimitSeconds is not null) Fault(path, "limit_seconds", "A trained verifier runs here, in microseconds: it has no limit_seconds.", "Remove limit_seconds.");
        var filePath = PolicyPath.Of(path, "trained");
        if (files.Load(file, filePath, "A trained verifier", "verifiers/answers.json", MostFileBytes) is not { } bytes) return;
        if (TrainedVerifier.Read(entry.Name, bytes, out var fault) is not { } verifier)
        {
            faults.Add(document.PlaceOf(filePath), filePath, $"The verifier \"{Quotation.Of(file)}\" cannot be used: {fault}", "Train it again with rung train verifier --out, or name the right file.");
            return;
        }
        all[entry.Name] = verifier;
        trained[entry.Name] = new TrainedFile(file, Convert.ToHexStringLower(SHA256.HashData(bytes.Span)), verifier);
    }

    private void BuildModel(VerifierEntry entry, ModelVerifierEntry llm, string path)
    {
        var names = document.Models.Select(model => model.Name).ToArray();
        if (llm.Model is not { } name || llm.Rubric is not { } rubric) return; // The reader has said so.
        if (!names.Contains(name))
        {
            Fault(PolicyPath.Of(path, "llm"), "model", $"There is no model \"{Quotation.Of(name)}\".", Suggestion.Fix(name, names, "models"));
            return;
        }
        Add(new ModelVerifier { Name = entry.Name, TimeLimit = Limit(entry), Model = name, Rubric = rubric, MaxTokens = llm.MaxTokens ?? 256 });
    }

    private void BuildHttp(VerifierEntry entry, HttpVerifierEntry http, string path)
    {
        var at = PolicyPath.Of(path, "http");
        if (http.Url is not { } text || http.Body is not { } body) return; // The reader has said so.
        var url = UpstreamUrl.ReadEndpoint(text, out var message, out var fix);
        if (url is null) Fault(at, "url", message, fix);
        var isBodyGood = IsBody(body, at);
        var score = http.Score ?? "";
        var isPointer = score.Length == 0 || score[0] == '/';
        if (!isPointer) Fault(at, "score", $"\"{Quotation.Of(score)}\" is no JSON pointer.", $"Begin it with a slash: /{Quotation.Of(score.TrimStart('$', '.'))}. Leave it out for the whole reply.");
        if (url is null || !isBodyGood || !isPointer) return;
        Add(new HttpVerifier
        {
            Name = entry.Name, TimeLimit = Limit(entry), Url = url, Body = body, ScoreAt = score, Label = http.Label, Key = http.Key,
            NanoUsdPerCall = Amounts.NanoUsd(http.UsdPerCall ?? 0), TrustedWithPinned = http.PinnedCalls ?? false,
        });
    }

    private bool IsBody(string body, string path)
    {
        if (!JsonParser.TryScan(System.Text.Encoding.UTF8.GetBytes(body), "The body", out _, out var fault))
        {
            Fault(path, "body", fault, "Write JSON in single quotes, with {prompt} and {answer} inside its strings: '{\"inputs\": [[\"{prompt}\", \"{answer}\"]]}'.");
            return false;
        }
        if (body.Contains("{answer}", StringComparison.Ordinal)) return true;
        Fault(path, "body", "The body does not hold the answer.", "Write {answer} inside one of its strings, and {prompt} where the question belongs.");
        return false;
    }

    private void Add(OutsideVerifier verifier)
    {
        outside[verifier.Name] = verifier;
        all[verifier.Name] = new AskedVerifier(verifier.Name);
    }

    private static TimeSpan Limit(VerifierEntry entry) => LimitsBuilder.Seconds(entry.LimitSeconds) ?? TimeSpan.FromSeconds(10);

    private void Fault(string path, string? key, string message, string fix) =>
        faults.Add(document.PlaceOf(path, key), key is null ? path : PolicyPath.Of(path, key), message, fix);
}
