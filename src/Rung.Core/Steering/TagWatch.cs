using Rung.Core.Alerts;
using Rung.Core.Measurement;
using Rung.Core.Policies;

namespace Rung.Core.Steering;

/// <summary>
/// Everything that is watched of one tag: its floor and ceiling, the rates of failed checks and of climbing, verifiers against judges, the names that upstreams report.
/// The control loop and the laboratory feed the same one. Not safe for several threads.
/// </summary>
/// <remarks>
/// Only calls that the policy in force answered count for quality, cost and rates: those of a rollout's candidate are its guards' business. Adding a call takes about half a
/// microsecond (0.15 to 0.8 of processor time in a Release build, by how many calls a session has) and allocates nothing, but for a unit that is seen for the first time in two minutes.
/// </remarks>
public sealed class TagWatch
{
    private const int MostRevisions = 50;

    private readonly RateWatch _checkFailure, _escalation, _outage;
    private readonly CalibrationWatch _byJudge, _byFeedback;
    private readonly VersionWatch _versions = new();
    private readonly List<long> _inForce = [];
    private readonly List<RouteRevision> _revisions = [];
    private FloorWatch? _floor;
    private CeilingWatch? _ceiling;
    private string _key, _checks;
    private SteeringAction? _action;
    private DateTimeOffset _demotedAt;
    private bool _isDemoted;

    /// <summary>Makes one.</summary>
    /// <param name="tag">The tag.</param>
    /// <param name="route">Its route in the policy in force: the tag's own, its role's or the default.</param>
    /// <param name="policy">The policy in force.</param>
    public TagWatch(string tag, Route route, PolicySnapshot policy)
    {
        ArgumentNullException.ThrowIfNull(tag);
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(policy);
        (Tag, Route, Policy) = (tag, route, policy);
        (_key, _checks) = (RouteKey.Of(route, policy), RouteKey.Checks(route));
        _checkFailure = new RateWatch($"failed checks of {tag}");
        _escalation = new RateWatch($"calls of {tag} that climb");
        _outage = new RateWatch($"failovers and failures of {tag}");
        _byJudge = new CalibrationWatch(QualitySignal.Judge, tag);
        _byFeedback = new CalibrationWatch(QualitySignal.Feedback, tag);
        _inForce.Add(policy.Revision);
        WatchLimits();
    }

    /// <summary>The tag.</summary>
    public string Tag { get; }

    /// <summary>Its route in the policy in force.</summary>
    public Route Route { get; private set; }

    /// <summary>The policy in force.</summary>
    public PolicySnapshot Policy { get; private set; }

    /// <summary>The watch of its inputs, which somebody else feeds; null for none.</summary>
    public InputWatch? Inputs { get; set; }

    /// <summary>Whether the floor is broken. Cheap: for every step.</summary>
    public bool IsFloorBroken => _floor is { IsBroken: true };

    /// <summary>What is known of the floor; null when the route has none.</summary>
    public FloorReading? Floor => _floor?.Read();

    /// <summary>What is known of the ceiling; null when the route has none.</summary>
    public CeilingReading? Ceiling => _ceiling?.Read();

    /// <summary>What is known of the share of checked calls whose first answer fails.</summary>
    public DriftReading CheckFailure => _checkFailure.Read();

    /// <summary>What is known of the share of calls that climb.</summary>
    public DriftReading Escalation => _escalation.Read();

    /// <summary>What is known of the verifier against judges and reviewers.</summary>
    public DriftReading Calibration => _byJudge.Read();

    /// <summary>Whether its alerts are armed, and why.</summary>
    public Arming Arming => SteeringLaw.Arm(Route);

    /// <summary>Adds a call of this tag, of any arm.</summary>
    public void Add(in ObservedCall call)
    {
        _versions.Add(call);
        var counts = IsInForce(call.Revision, call.Arm, call.Tier);
        _ceiling?.Add(call, counts);
        if (!counts) return;
        // Also those that were followed by another one before a call came.
        for (var i = _revisions.Count - 1; i >= 0 && _revisions[i] is { Began: null } waiting; i--)
        {
            if (call.Revision >= waiting.Number) _revisions[i] = waiting with { Began = call.At };
        }
        _floor?.Add(call);
        var unit = FloorWatch.UnitOf(call);
        if (call.Checked) _checkFailure.Add(unit, call.CheckFailed, call.At, call.Revision);
        if (call.Tier is null) return; // Refused before any attempt: it could neither climb nor fail over.
        _escalation.Add(unit, call.Escalated, call.At, call.Revision);
        _outage.Add(unit, call.FailedOver || call.Failed, call.At, call.Revision);
    }

    /// <summary>Adds a verdict on a call of this tag, of any arm.</summary>
    public void Add(in ObservedVerdict verdict)
    {
        if (!IsInForce(verdict.Revision, verdict.Arm, verdict.Tier)) return;
        _floor?.Add(verdict);
        _byJudge.Add(verdict);
        _byFeedback.Add(verdict);
    }

    /// <summary>Lets time pass: units go quiet, days end, old changes become what is usual.</summary>
    public void Step(DateTimeOffset now)
    {
        _floor?.Settle(now);
        _ceiling?.Settle(now);
        _checkFailure.Settle(now);
        _escalation.Settle(now);
        _outage.Settle(now);
        _byJudge.Settle(now);
        _byFeedback.Settle(now);
        _versions.Settle(now);
        if (_isDemoted && now - _demotedAt >= RateWatch.Accepted) (_isDemoted, _action) = (false, null);
    }

    /// <summary>Tells what was decided about this tag at this step; null: nothing. A demotion is told for seven days, or until the route is changed again.</summary>
    public void Decided(SteeringAction? action, DateTimeOffset now)
    {
        if (_isDemoted && action is null) return;
        (_action, _isDemoted, _demotedAt) = (action, action is { Step: SteeringStep.Demote }, now);
    }

    /// <summary>Tells that another policy is in force. Where other models answer now, or other checks judge, floor and ceiling are watched anew.</summary>
    /// <param name="route">The tag's route in it.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="at">When it came into force.</param>
    public void PolicyChanged(Route route, PolicySnapshot policy, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(policy);
        var (key, checks, before) = (RouteKey.Of(route, policy), RouteKey.Checks(route), Policy.Revision);
        var (limitsChanged, keyChanged) = (route.Floor != Route.Floor || route.Ceiling != Route.Ceiling, key != _key);
        var checksChanged = checks != _checks;
        var prices = RoutePrices.Change(Route, Policy, route, policy, at);
        if (_isDemoted && _action is { To: { } to } && route.Tier.Name != to) (_isDemoted, _action) = (false, null);
        (Route, Policy, _key, _checks) = (route, policy, key, checks);
        if (keyChanged) _inForce.Clear();
        if (keyChanged || prices is not null)
        {
            if (_revisions.Count == MostRevisions) _revisions.RemoveAt(0);
            _revisions.Add(new RouteRevision(policy.Revision, before, keyChanged, prices, null));
        }
        if (!_inForce.Contains(policy.Revision)) _inForce.Add(policy.Revision);
        if (_inForce.Count > MostRevisions) _inForce.RemoveAt(0);
        if (keyChanged || limitsChanged) WatchLimits();
        if (checksChanged)
        {
            // What counts as a failure is another thing now; calls climb for other reasons, too.
            _checkFailure.Reset();
            _escalation.Reset();
            _byJudge.Reset();
            _byFeedback.Reset();
        }
    }

    /// <summary>Everything that somebody should know and that holds now. Alerts of quality and cost are there only when both are watched: <see cref="Arming"/>.</summary>
    public IEnumerable<AlertCondition> Conditions()
    {
        // Decided is not done: it is told once the route is where it should be.
        if (_isDemoted && _action is { } demotion && demotion.To == Route.Tier.Name) yield return Demoted(demotion);
        if (_floor is { IsBroken: true })
        {
            var reading = _floor.Read();
            var words = _action is { } action && !_isDemoted ? $"{reading.Words}; {action.Outcome}" : reading.Words;
            if (Arming.IsArmed) yield return Limit($"floor:{Tag}", AlertKind.QualityFloor, AlertSeverity.Critical, words, reading.SinceAt!.Value);
            // Not armed, but what would be done to the route is told all the same.
            else if (_action is not null && !_isDemoted) yield return Limit($"demotion:{Tag}", AlertKind.Demotion, AlertSeverity.Critical, words, reading.SinceAt!.Value);
        }
        if (_ceiling is { IsBroken: true } && Arming.IsArmed)
        {
            var reading = _ceiling.Read();
            yield return Limit($"ceiling:{Tag}", AlertKind.CostCeiling, AlertSeverity.Warning, $"{reading.Words}; nothing is cut by itself", reading.SinceAt!.Value);
        }
        if (_checkFailure.IsDrifted) yield return Drift($"check_failure:{Tag}", AlertKind.CheckFailureDrift, _checkFailure.Read());
        if (_escalation.IsDrifted) yield return Drift($"escalation:{Tag}", AlertKind.EscalationDrift, _escalation.Read());
        if (_byJudge.IsDrifted) yield return Drift($"calibration:{Tag}", AlertKind.CalibrationDrift, _byJudge.Read());
        else if (_byFeedback.IsDrifted) yield return Drift($"calibration:{Tag}", AlertKind.CalibrationDrift, _byFeedback.Read());
        if (Inputs is { IsDrifted: true } inputs)
        {
            yield return new AlertCondition
            {
                Key = $"inputs:{Tag}", Kind = AlertKind.InputDrift, Severity = AlertSeverity.Warning, Tag = Tag, Summary = $"{Tag}: {inputs.Last!.Words}, against {inputs.ReferenceName}",
                Cause = "other users, another prompt, or another use of the tag; what was proved was proved on other inputs",
                Next = $"rung eval build --tag {Tag} --since {Instants.Option(inputs.SinceAt!.Value)}", Since = inputs.SinceAt.Value,
            };
        }
        if (!_versions.IsChanged) yield break;
        foreach (var change in _versions.Changes())
        {
            yield return new AlertCondition
            {
                // Of the model, not of the tag: every tag that it serves says the same.
                Key = $"version:{change.Model}", Kind = AlertKind.UpstreamVersion, Severity = AlertSeverity.Info,
                Summary = $"the upstream of {change.Model} reports {change.Now} instead of {change.Before} since {Instants.Words(change.Since)} ({change.Calls:N0} calls)",
                Cause = "the provider serves another version of the model under the same name; what evals proved, they proved of the other one", Next = "rung eval list", Since = change.Since,
            };
        }
    }

    private AlertCondition Demoted(SteeringAction action) => new()
    {
        Key = $"demotion:{Tag}", Kind = AlertKind.Demotion, Severity = AlertSeverity.Critical, Tag = Tag, Summary = action.Summary,
        Cause = CauseOf(action.Reading.SinceAt ?? _demotedAt, AlertKind.Demotion).Words, Next = $"rung measure --tag {Tag} --by tier --since {Instants.Option((action.Reading.SinceAt ?? _demotedAt).AddDays(-7))}",
        Since = _demotedAt,
    };

    private AlertCondition Limit(string key, AlertKind kind, AlertSeverity severity, string summary, DateTimeOffset since)
    {
        var cause = CauseOf(since, kind);
        return new AlertCondition { Key = key, Kind = kind, Severity = severity, Tag = Tag, Summary = summary, Cause = cause.Words, Next = cause.Next, Since = since };
    }

    private AlertCondition Drift(string key, AlertKind kind, DriftReading reading)
    {
        var cause = CauseOf(reading.SinceAt!.Value, kind);
        return new AlertCondition { Key = key, Kind = kind, Severity = AlertSeverity.Warning, Tag = Tag, Summary = reading.Words, Cause = cause.Words, Next = cause.Next, Since = reading.SinceAt.Value };
    }

    // The surest first: what was changed here, then what was changed elsewhere, then what only happened at the same time.
    private LikelyCause CauseOf(DateTimeOffset since, AlertKind kind)
    {
        for (var i = _revisions.Count - 1; i >= 0; i--)
        {
            if (_revisions[i] is { Began: { } began } revision && LikelyCause.Fits(began, since) && revision.ChangeFor(kind) is { } change)
                return new LikelyCause($"revision {revision.Number}, which changed {change}, came into force at {Instants.Words(began)}", $"rung policy diff {revision.Previous} {revision.Number}");
        }
        foreach (var change in _versions.Changes())
        {
            if (LikelyCause.Fits(change.Since, since))
                return new LikelyCause($"the upstream of {change.Model} reports {change.Now} instead of {change.Before} since {Instants.Words(change.Since)}", "rung eval list");
        }
        if (_outage.SinceAt is { } outage && LikelyCause.Fits(outage, since))
            return new LikelyCause($"an outage: {_outage.Read().Words}", $"rung report --by model --since {Instants.Option(since)}");
        if (Inputs is { SinceAt: { } shifted } inputs && shifted <= since + TimeSpan.FromDays(1))
            return new LikelyCause(inputs.Last!.Words, $"rung eval build --tag {Tag} --since {Instants.Option(shifted)}");
        if (kind is AlertKind.CostCeiling or AlertKind.QualityFloor or AlertKind.Demotion && _escalation.SinceAt is { } climbing && LikelyCause.Fits(climbing, since))
            return new LikelyCause(_escalation.Read().Words, $"rung measure --tag {Tag} --by day");
        var next = $"rung measure --tag {Tag} --by day --since {Instants.Option(since.AddDays(-7))}";
        return kind == AlertKind.CostCeiling
            ? new LikelyCause("neither the policy nor the upstream's version changed then: a price, or the length of inputs and answers", next)
            : new LikelyCause("neither the policy nor the upstream's version changed then: the model behind the name, or what is asked of it", next);
    }

    // Which calls the policy in force answered, whatever their arm is called: after a rollout's last stage the candidate's arm is the policy, and the holdback is not.
    private bool IsInForce(long revision, string? arm, string? tier)
    {
        if (revision != 0 && _inForce.Contains(revision)) return true;
        if (arm is null || arm.EndsWith(":current", StringComparison.Ordinal)) return revision == 0 || tier is null || tier == Route.Tier.Name;
        return revision == 0 && arm.EndsWith(":holdback", StringComparison.Ordinal);
    }

    private void WatchLimits()
    {
        _floor = Route.Floor is { } floor ? new FloorWatch(floor, Tag, Route.Tier.Name) : null;
        _ceiling = Route.Ceiling is { } ceiling ? new CeilingWatch(ceiling, Tag) : null;
    }
}
