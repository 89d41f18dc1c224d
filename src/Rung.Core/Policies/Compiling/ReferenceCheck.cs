using System.Collections.Immutable;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;
using Rung.Core.Redaction;

namespace Rung.Core.Policies.Compiling;

/// <summary>Finds the faults that lie between the parts of a document: names that name nothing, and settings that contradict each other.</summary>
internal sealed class ReferenceCheck(PolicyDocument document, FaultList faults)
{
    private readonly string[] tiers = [.. document.Tiers.Select(tier => tier.Name)];
    private readonly string[] models = [.. document.Models.Select(model => model.Name)];
    private readonly string[] roles = [.. document.Roles.Select(role => role.Name)];

    public void Run()
    {
        CheckTiers();
        foreach (var model in document.Models) CheckModel(model, PolicyPath.Of("models", model.Name));
        foreach (var role in document.Roles) CheckRoute(role, PolicyPath.Of("roles", role.Name));
        foreach (var tag in document.Tags) CheckTag(tag, PolicyPath.Of("tags", tag.Name));
        CheckRoute(document.Default, "default");
        for (var i = 0; i < document.Pins.Length; i++) CheckModels(document.Pins[i].Models, PolicyPath.Of(PolicyPath.Item("pins", i), "models"));
        CheckPinNames();
        CheckPatterns();
    }

    private void CheckPatterns()
    {
        foreach (var redaction in document.Redactions)
        {
            if (Capture.BuiltInRedactions.Contains(redaction.Name))
                Fault("redactions", redaction.Name, $"\"{redaction.Name}\" is the name of a built-in kind.", "Call the pattern something else.");
            else if (RedactionPattern.Compile(redaction.Pattern, out var fault) is null)
                Fault("redactions", redaction.Name, fault!, "Correct the pattern; it is matched in linear time, in .NET's dialect.");
        }
    }

    private void CheckTiers()
    {
        foreach (var tier in document.Tiers) CheckModels(tier.Models, PolicyPath.Of(PolicyPath.Of("tiers", tier.Name), "models"));
        foreach (var second in document.Tiers.Where(tier => tier.Reference).Skip(1))
        {
            var path = PolicyPath.Of("tiers", second.Name);
            faults.Add(document.PlaceOf(path, "reference"), PolicyPath.Of(path, "reference"), "A second tier is marked as the reference.", "Mark one tier only.");
        }
    }

    private void CheckModels(ImmutableArray<string> named, string path)
    {
        for (var i = 0; i < named.Length; i++)
        {
            var itemPath = PolicyPath.Item(path, i);
            if (named.IndexOf(named[i]) < i)
                faults.Add(document.PlaceOf(itemPath), itemPath, $"The model \"{Quotation.Of(named[i])}\" is listed twice.", "List it once; use weight to give a model a greater share.");
            CheckName(named[i], models, "model", itemPath);
        }
    }

    private void CheckName(string? name, string[] known, string kind, string path)
    {
        if (name is null || known.Contains(name)) return;
        faults.Add(document.PlaceOf(path), path, $"There is no {kind} \"{Quotation.Of(name)}\".", Suggestion.Fix(name, known, kind + "s"));
    }

    private void CheckTag(RouteEntry tag, string path)
    {
        CheckName(tag.Role, roles, "role", PolicyPath.Of(path, "role"));
        CheckRoute(tag, path);
        if (tag.Name == PolicyShape.DefaultName)
            faults.Add(document.PlaceOf(path), path, "\"default\" is the name of the route of everything else.", "Call the tag something else.");
        var role = document.Roles.FirstOrDefault(candidate => candidate.Name == tag.Role);
        if (tag.Tier is null && role?.Tier is null && !faults.HasAt(path))
            faults.Add(document.PlaceOf(path), PolicyPath.Of(path, "tier"), "The tag has no tier, and no role that gives it one.", $"Add \"tier:\" ({string.Join(", ", tiers)}), or a \"role:\".");
    }

    private void CheckRoute(RouteEntry route, string path)
    {
        CheckName(route.Tier, tiers, "tier", PolicyPath.Of(path, "tier"));
        CheckName(route.Escalate?.To, tiers, "tier", PolicyPath.Of(PolicyPath.Of(path, "escalate"), "to"));
        CheckName(route.Floor?.Of, tiers, "tier", PolicyPath.Of(PolicyPath.Of(path, "floor"), "of"));
        if (route.Capture?.Redact is { } kinds) CheckRedactions(kinds, PolicyPath.Of(PolicyPath.Of(path, "capture"), "redact"));
        if (route.Eval is { } eval) CheckEval(eval, PolicyPath.Of(path, "eval"));
        if (route.Limits is { } limits) CheckNarrower(limits, PolicyPath.Of(path, "limits"));
    }

    private void CheckRedactions(ImmutableArray<string> kinds, string path)
    {
        string[] known = [.. Capture.BuiltInRedactions, .. document.Redactions.Select(redaction => redaction.Name)];
        for (var i = 0; i < kinds.Length; i++) CheckName(kinds[i], known, "redaction", PolicyPath.Item(path, i));
    }

    private void CheckEval(EvalEntry eval, string path)
    {
        CheckName(eval.Judge, [.. document.Tags.Select(tag => tag.Name)], "tag", PolicyPath.Of(path, "judge"));
        CheckName(eval.Command, [.. document.Commands.Select(command => command.Name)], "command", PolicyPath.Of(path, "command"));
        if (eval.Score is "rubric" or "pairwise" && eval.Judge is null)
            Fault(path, "score", $"\"{eval.Score}\" needs a judge.", "Add \"judge:\" with the tag whose route asks it.");
        if (eval.Score == "regex" && eval.Pattern is null) Fault(path, "score", "\"regex\" needs a pattern.", "Add \"pattern:\".");
        if (eval.Score == "schema" && eval.Schema is null) Fault(path, "score", "\"schema\" needs a schema.", "Add \"schema:\" with the path of a JSON Schema.");
        if (eval.Score == "code" && eval.Command is null) Fault(path, "score", "\"code\" needs a command.", "Add \"command:\" with the name of one of this policy's commands.");
    }

    private void CheckNarrower(LimitsEntry route, string path)
    {
        var policy = LimitsBuilder.Build(document.Limits);
        Narrower("connect_seconds", route.ConnectSeconds, (decimal)policy.Connect.TotalSeconds);
        Narrower("first_byte_seconds", route.FirstByteSeconds, (decimal)policy.FirstByte.TotalSeconds);
        Narrower("between_chunks_seconds", route.BetweenChunksSeconds, (decimal)policy.BetweenChunks.TotalSeconds);
        Narrower("total_seconds", route.TotalSeconds, (decimal)policy.Total.TotalSeconds);
        Narrower("attempts", route.Attempts, policy.Attempts);
        Narrower("request_mb", route.RequestMb, policy.RequestBytes / LimitsBuilder.BytesPerMb);
        Narrower("reply_mb", route.ReplyMb, policy.ReplyBytes / LimitsBuilder.BytesPerMb);

        void Narrower(string key, decimal? wanted, decimal allowed)
        {
            if (wanted is null || wanted <= allowed) return;
            faults.Add(document.PlaceOf(path, key), PolicyPath.Of(path, key),
                $"{Amounts.Plain(wanted)} is more than the policy's {Amounts.Plain(allowed)}: a route may only narrow a limit.", $"Lower it, or raise limits.{key} of the policy.");
        }
    }

    private void CheckModel(ModelEntry model, string path)
    {
        if (model.Price is not null && model.Cost is not null)
            Fault(path, "cost", "A model costs by tokens or by the hour, not both.", "Keep price or cost.");
        CheckPriceTiers(model, path);
        if (model.Url is { } text && UpstreamUrl.Read(text, out var message, out var fix) is null) Fault(path, "url", message, fix);
        if (model.Provider is null || Providers.Find(model.Provider) is not { } provider) return;
        if (model.Url is null && provider.Url is null && !document.Places.ContainsKey(PolicyPath.Of(path, "url")))
            Fault(path, "url", $"\"url\" is missing: {provider.Name} has no address of its own.", "Add \"url:\" with the base URL, without /chat/completions.");
        if (model.KeyHeader is not null && model.Key is null && provider.KeyVariable is null)
            Fault(path, "key_header", "key_header is set, but there is no key.", "Add \"key: { env: NAME }\", or remove key_header.");
    }

    private void CheckPriceTiers(ModelEntry model, string path)
    {
        var rows = model.Price?.Tiers ?? [];
        for (var i = 1; i < rows.Length; i++)
        {
            if (rows[i].AboveInput > rows[i - 1].AboveInput) continue;
            var row = PolicyPath.Item(PolicyPath.Of(PolicyPath.Of(path, "price"), "tiers"), i);
            Fault(row, "above_input", "The thresholds must rise from row to row.", "Sort the rows by above_input and keep each threshold once.");
        }
    }

    private void CheckPinNames()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < document.Pins.Length; i++)
        {
            var name = document.Pins[i].Name ?? $"pin {i + 1}"; // What people see; "1" and "pin 1" read the same there.
            if (!seen.Add(name.StartsWith("pin ", StringComparison.Ordinal) ? name : $"pin {name}"))
                Fault(PolicyPath.Item("pins", i), "name", $"A second pin is called \"{Quotation.Of(name)}\".", "Give each pin its own name.");
        }
    }

    private void Fault(string path, string key, string message, string fix) =>
        faults.Add(document.PlaceOf(path, key), PolicyPath.Of(path, key), message, fix);
}
