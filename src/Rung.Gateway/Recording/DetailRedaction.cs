using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Rung.Core.Policies;
using Rung.Core.Redaction;
using Rung.Core.Spans;

namespace Rung.Gateway.Recording;

/// <summary>
/// Redacts the words of failed checks before they reach the ledger: they may quote up to 80 characters of an answer. Every kind and every pattern of the policy,
/// whatever the route's capture says; a piece that the quotation cuts off is left out with it, since half of it is not recognised.
/// </summary>
internal sealed class DetailRedaction(PolicyHolder policies)
{
    private static readonly Regex s_cut = new(@"[^\s""]*[\d\s().+\-/]*…", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private readonly ConditionalWeakTable<PolicySnapshot, Redactor> redactors = [];

    /// <summary>Redacts the details of a call that has ended.</summary>
    public void Apply(CallRecord call)
    {
        var inForce = policies.InForce;
        // A candidate's own patterns hold for what it checked, beside those in force.
        var own = inForce.Find(call.PolicyHash) is { } policy && policy != inForce.Policy.Snapshot ? policy : null;
        foreach (var attempt in call.Attempts)
        {
            if (attempt.Checks.IsDefaultOrEmpty) continue;
            for (var i = 0; i < attempt.Checks.Length; i++)
            {
                if (attempt.Checks[i] is { Detail: { } detail } check && Of(detail, inForce.Policy.Snapshot, own) is var kept && kept != detail)
                    attempt.Checks = attempt.Checks.SetItem(i, check with { Detail = kept });
            }
        }
    }

    private string Of(string detail, PolicySnapshot inForce, PolicySnapshot? own)
    {
        try
        {
            var kept = redactors.GetValue(inForce, Redactor.Of).Text(s_cut.Replace(detail, "…"), out _);
            return own is null ? kept : redactors.GetValue(own, Redactor.Of).Text(kept, out _);
        }
        catch (RedactionException)
        {
            return "The detail could not be redacted and was left out.";
        }
    }
}
