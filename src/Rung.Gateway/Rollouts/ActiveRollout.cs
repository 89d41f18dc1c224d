using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using Rung.Core.Requests;
using Rung.Core.Rollouts;

namespace Rung.Gateway.Rollouts;

/// <summary>A rollout with the upstreams of its policies, and with the words that its calls carry, made once.</summary>
/// <param name="Terms">The rollout.</param>
/// <param name="Candidate">What the candidate's units get; null: the policy in force.</param>
/// <param name="Holdback">What the units held back get; null: the policy in force.</param>
internal sealed record ActiveRollout(RolloutInForce Terms, ActivePolicy? Candidate, ActivePolicy? Holdback)
{
    private static readonly RolloutArm[] s_arms = [RolloutArm.Current, RolloutArm.Candidate, RolloutArm.Holdback]; // In the order of their values.

    private readonly string[] names = [.. s_arms.Select(arm => ArmName.Of(Terms.Id, arm))];
    private readonly string[] words = [.. s_arms.Select(arm => $"rollout {ArmName.Of(Terms.Id, arm).Replace(":", ": ", StringComparison.Ordinal)}")];
    private readonly string copySalt = $"{Terms.Plan.Salt}/copies"; // Which calls are copied says nothing of who is on which arm.

    /// <summary>The name of an arm: <c>7:candidate</c>.</summary>
    public string NameOf(RolloutArm arm) => names[(int)arm];

    /// <summary>An arm in the reason of a call: <c>rollout 7: candidate</c>.</summary>
    public string WordsOf(RolloutArm arm) => words[(int)arm];

    /// <summary>What an arm gets; null: the policy in force.</summary>
    public ActivePolicy? PolicyOf(RolloutArm arm) => arm switch { RolloutArm.Candidate => Candidate, RolloutArm.Holdback => Holdback, _ => null };

    /// <summary>What is assigned for a call; null when the call does not say: it takes no part.</summary>
    /// <param name="facts">The call.</param>
    /// <param name="session">Its session; null when none.</param>
    /// <param name="authorization">Its header; a key leaves here as a hash.</param>
    /// <param name="callId">Its id.</param>
    public string? UnitOf(in CallFacts facts, string? session, StringValues authorization, string callId)
    {
        var unit = Terms.Plan.Unit switch
        {
            RolloutUnit.Session => session,
            RolloutUnit.User => facts.User,
            RolloutUnit.Key => authorization is [{ Length: > 0 } header] ? KeyHash(header) : null,
            _ => callId,
        };
        return string.IsNullOrEmpty(unit) ? null : unit;
    }

    /// <summary>The arm of a unit.</summary>
    public RolloutArm ArmOf(string unit) => RolloutAssignment.ArmOf(RolloutAssignment.Point(Terms.Plan.Salt, unit), Terms.Share, Terms.Plan.Holdback);

    /// <summary>Whether a call is one of those that the shadow copies: every gateway says the same.</summary>
    public bool Copies(string callId) =>
        Terms.IsShadow && (RolloutAssignment.Point(copySalt, callId) >> 11) * (1.0 / (1UL << 53)) < Terms.Plan.Shadow!.Sample;

    // The same for 'Bearer x' however it is spelt, and the same in every gateway.
    private static string KeyHash(string header)
    {
        var blank = header.IndexOf(' ');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(header[(blank + 1)..].Trim())));
    }
}
