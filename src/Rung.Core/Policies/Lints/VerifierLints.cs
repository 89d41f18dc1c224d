using Rung.Core.Checks;
using Rung.Core.Policies.Compiling;
using Rung.Core.Policies.Documents;
using Rung.Core.Policies.Reading;

namespace Rung.Core.Policies.Lints;

/// <summary>Opinions on verifiers and commands, and on how routes use them.</summary>
internal static class VerifierLints
{
    private static readonly string[] LogProbabilityWords = ["logprob", "log_prob", "log-prob", "logprobability", "log prob"];

    public static void Judge(PolicyDocument document, PolicySnapshot snapshot, LintList lints)
    {
        foreach (var verifier in document.Verifiers)
        {
            var path = PolicyPath.Of("verifiers", verifier.Name);
            if (MentionsLogProbabilities(verifier))
                lints.Add(LintCatalogue.RawLogProbabilities, path, null, $"{verifier.Name} seems to score by log-probabilities.");
            if (snapshot.OutsideVerifiers.TryGetValue(verifier.Name, out var outside) && outside is HttpVerifier { Url: { IsLoopback: false, Scheme: "http" } url })
                lints.Add(LintCatalogue.PlainHttp, PolicyPath.Of(path, "http"), "url", $"{verifier.Name} is asked over plain http at {url.Host}.");
        }
        JudgeUse(document, lints);
        foreach (var role in document.Roles) JudgeRoute(role, role, snapshot.Roles[role.Name], PolicyPath.Of("roles", role.Name), snapshot, lints);
        foreach (var tag in document.Tags) JudgeRoute(tag, RouteMerge.Of(tag, document).Entry, snapshot.Tags[tag.Name], PolicyPath.Of("tags", tag.Name), snapshot, lints);
        JudgeRoute(document.Default, document.Default, snapshot.Default, "default", snapshot, lints);
    }

    private static bool MentionsLogProbabilities(VerifierEntry verifier) =>
        new[] { verifier.Name, verifier.Http?.Body, verifier.Http?.Score, verifier.Http?.Label, verifier.Llm?.Rubric }
            .Any(text => text is not null && LogProbabilityWords.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)));

    private static void JudgeUse(PolicyDocument document, LintList lints)
    {
        var used = document.Roles.Concat(document.Tags).Append(document.Default).SelectMany(route => route.Checks ?? []).SelectMany(CheckTree.Walk).ToList();
        var verifiers = used.OfType<VerifierCheckEntry>().Select(check => check.Use).ToHashSet(StringComparer.Ordinal);
        var commands = used.OfType<CommandCheckEntry>().Select(check => check.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var verifier in document.Verifiers.Where(verifier => !verifiers.Contains(verifier.Name)))
            lints.Add(LintCatalogue.UnusedHelper, PolicyPath.Of("verifiers", verifier.Name), null, $"No check uses the verifier {verifier.Name}.");
        foreach (var command in document.Commands.Where(command => !commands.Contains(command.Name)))
            lints.Add(LintCatalogue.UnusedHelper, PolicyPath.Of("commands", command.Name), null, $"No check runs the command {command.Name}.");
    }

    private static void JudgeRoute(RouteEntry own, RouteEntry merged, Route route, string path, PolicySnapshot snapshot, LintList lints)
    {
        var uses = (merged.Checks ?? []).SelectMany(CheckTree.Walk).OfType<VerifierCheckEntry>().ToList();
        if (uses.Count == 0) return;
        if (route.Kind == RouteKind.Tag && route.Evidence is null)
            lints.Add(LintCatalogue.ThresholdUnproved, path, own.Checks is null ? null : "checks", $"The threshold of {uses[0].Use} was chosen, not measured: the tag names no evidence.");
        if (own.Checks is null) return; // The role says the rest.
        foreach (var name in uses.Select(use => use.Use).Distinct(StringComparer.Ordinal))
        {
            if (snapshot.OutsideVerifiers.GetValueOrDefault(name) is not ModelVerifier verifier) continue;
            var model = snapshot.Models.First(candidate => candidate.Name == verifier.Model);
            var rung = snapshot.Ladder.LastOrDefault(tier => tier.Pool.Contains(model.Index));
            if (route.Tier.Pool.Contains(model.Index))
                lints.Add(LintCatalogue.JudgeOfItself, path, "checks", $"{name} asks {model.Name}, which also gives the answers of {route.Tier.Name}: models prefer what they wrote themselves.");
            else if (rung is not null && rung.Index >= route.Tier.Index)
                lints.Add(LintCatalogue.JudgeOfItself, path, "checks", $"{name} asks {model.Name} of {rung.Name} about answers of {route.Tier.Name}: judging every answer there may cost what climbing would.");
        }
    }
}
