using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Rung.Core.Checks;
using Rung.Core.Decisions;
using Rung.Core.Policies;
using Rung.Core.Requests;
using Rung.Core.Spans;
using Rung.Gateway.Intake;
using Rung.Gateway.Judging;
using Rung.Gateway.Recording;

namespace Rung.Gateway;

/// <summary>One call on its way through the pipeline: what came in, what was decided, what is written down about it. Used by one thread at a time.</summary>
internal sealed class Call(HttpContext http, ActivePolicy policy, in Decision decision, TimeProvider clock)
{
    private readonly long started = clock.GetTimestamp();
    private ImmutableArray<string>? declaredTools;
    private CallContext? context;

    public HttpContext Http { get; } = http;

    /// <summary>The policy that the call started under; it keeps it to the end.</summary>
    public ActivePolicy Policy { get; } = policy;

    public PolicySnapshot Snapshot => Policy.Snapshot;

    public required CallRecord Record { get; init; }

    public required RequestBody Body { get; init; }

    public required ScannedRequest Scan { get; init; }

    public required CallFacts Facts { get; init; }

    public Decision Decision { get; } = decision;

    public Route Route => Decision.Route;

    public CallLimits Limits => Decision.Route.Limits;

    public Activity? Span { get; init; }

    /// <summary>Whether the policy in force binds it by a pin while another policy, a rollout's, decides.</summary>
    public bool IsBound { get; init; }

    /// <summary>How long the call has taken.</summary>
    public TimeSpan Elapsed => clock.GetElapsedTime(started);

    public long ElapsedMicros => (long)Elapsed.TotalMicroseconds;

    /// <summary>What is left of the call's total time.</summary>
    public TimeSpan Remaining => Limits.Total - Elapsed;

    public bool ClientGone => Http.RequestAborted.IsCancellationRequested;

    /// <summary>A limit, cut to what is left of the call's total time.</summary>
    public TimeSpan Within(TimeSpan limit)
    {
        var remaining = Remaining;
        return limit < remaining ? limit : remaining;
    }

    /// <summary>Names of the tools that the request declares; read when a check first asks.</summary>
    public ImmutableArray<string> DeclaredTools =>
        declaredTools ??= Scan.Tools.IsPresent ? AnswerReader.DeclaredTools(Body.Memory[Scan.Tools.ValueStart..Scan.Tools.ValueEnd]) : [];

    /// <summary>What was asked, for checks and verifiers; read when it is first needed.</summary>
    public CallContext Context => context ??= ContextReader.Read(Body.Memory, Scan);

    /// <summary><see cref="Context"/> where a check of the route looks at it; else null.</summary>
    public CallContext? ContextOfChecks => Route.NeedsContext ? Context : null;

    /// <summary>The rung that the call is on.</summary>
    public Tier Rung { get; set; } = decision.Tier;

    /// <summary>How often it has climbed.</summary>
    public int Climbs { get; set; }

    /// <summary>When the last byte had been handed over, where more was done after it; null elsewhere. Microseconds.</summary>
    public long? HandedOverMicros { get; set; }

    /// <summary>What is kept of its content; null when nothing is.</summary>
    public HeardCall? Heard { get; init; }

    /// <summary>Sum of the known costs so far, in nano-USD.</summary>
    public long CostSoFar
    {
        get
        {
            long cost = 0;
            foreach (var attempt in Record.Attempts) cost += attempt.CostNanoUsd ?? 0;
            return cost;
        }
    }
}
