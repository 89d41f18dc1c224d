using System.Collections.Immutable;
using static Rung.Core.Policies.LintSeverity;

namespace Rung.Core.Policies.Lints;

/// <summary>Every lint, in one table. A code that has been released keeps its meaning for ever.</summary>
public static class LintCatalogue
{
    internal static readonly LintRule UserVisibleUnchecked = new("RUNG001", Warning, "User-visible answer below the reference tier without a check",
        "A person reads a cheaper model's answer and nothing looks at it first.", "Add a check, or use the reference tier.");
    internal static readonly LintRule NoContainment = new("RUNG002", Warning, "No containment",
        "If this call gets it wrong, nothing catches it: no check, no escalation, no person.", "Add checks and escalate, or use the reference tier.");
    internal static readonly LintRule NoEvidence = new("RUNG003", Warning, "Tier below the reference without evidence",
        "Nobody can say what proved that the cheaper tier is good enough.", "Run an eval, or rung calibrate for a cascade, and name it in evidence.");
    internal static readonly LintRule MixedPool = new("RUNG004", Warning, "Pool mixes models of different tiers",
        "The models of a pool stand in for one another; one that also stands in another tier makes quality a matter of chance.", "Keep each model in one tier; split traffic with a rollout instead.");
    internal static readonly LintRule PriceSpread = new("RUNG005", Warning, "Pool whose list prices differ widely",
        "Models that differ four times in price rarely have the same quality, and the bill depends on chance.", "Put the dearer model into a higher tier.");
    internal static readonly LintRule CeilingWithoutFloor = new("RUNG006", Warning, "Ceiling without floor",
        "Cost is held down and nothing holds quality up; and no cost alert is armed, because it would only ever ask for less quality.", "Add a floor.");
    internal static readonly LintRule FloorWithoutCeiling = new("RUNG007", Info, "Floor without ceiling",
        "Quality is held up and nothing bounds what that costs; and no quality alert is armed, because it would only ever ask for more money.", "Add a ceiling.");
    internal static readonly LintRule EscalationDown = new("RUNG008", Error, "Escalation to the same or a lower tier",
        "A climb that does not go up repeats the failure or loops.", "Escalate to a tier above the route's own, or write escalate: none.");
    internal static readonly LintRule EscalationNowhere = new("RUNG009", Error, "Escalation from the top of the ladder",
        "No rung is above this tier, so the escalation has nowhere to go.", "Start lower, or write escalate: none.");
    internal static readonly LintRule EscalationTimes = new("RUNG010", Warning, "More climbs than rungs",
        "times is larger than the number of rungs from escalate.to upwards.", "Lower times.");
    internal static readonly LintRule ChecksWithoutEscalation = new("RUNG011", Warning, "Checks without escalation",
        "A failed answer is noticed, and then sent to the client all the same.", "Add escalate.");
    internal static readonly LintRule EscalationWithoutChecks = new("RUNG012", Warning, "Escalation on check_failed without checks",
        "Without a check, no check ever fails.", "Add checks, or take check_failed out of on.");
    internal static readonly LintRule PinOffLadder = new("RUNG013", Info, "Pin whose models stand in no tier",
        "Matching calls go straight to the pinned models: no tier, no escalation.", "Put one of the pinned models into a tier if these calls should climb.");
    internal static readonly LintRule PinnedModelOffLadder = new("RUNG014", Info, "Pinned model in no tier",
        "The model is reached only when no pinned model of the ladder may or can take the call.", "Put the model into a tier, or take it out of the pin.");
    internal static readonly LintRule PinOutsideRoute = new("RUNG015", Warning, "Route whose tier holds no pinned model",
        "Every call of this route matches the pin, but the route's tier has none of the pin's models.", "Put a pinned model into the tier, or start the route at a tier that holds one.");
    internal static readonly LintRule PinsDisjoint = new("RUNG016", Error, "Pins that no model satisfies",
        "A call that matches both pins can reach no model.", "Give the pins a model in common, or make their conditions exclude each other.");
    internal static readonly LintRule PinNameUnknown = new("RUNG017", Warning, "Pin on an unknown tag or role",
        "A slip in the name would leave the calls that it should protect unpinned.", "Correct the name, or add the tag or role.");
    internal static readonly LintRule UnknownPrice = new("RUNG018", Warning, "Unknown price",
        "What the model costs is flagged as unknown and is missing from every total.", "Add price or cost to the model.");
    internal static readonly LintRule PriceEnded = new("RUNG019", Warning, "Price that has ended",
        "The last known price is no longer in force, so new costs are unknown.", "Add the current price to the model, or update Rung's price book.");
    internal static readonly LintRule PriceUncertain = new("RUNG020", Info, "Uncertain price",
        "The price book trusts the source of this price little, or it was a promotion that has run out.", "Compare it with your bill, or add price to the model.");
    internal static readonly LintRule NoOwner = new("RUNG021", Warning, "No owner",
        "Nobody answers for this route when its quality or its bill moves.", "Add owner.");
    internal static readonly LintRule NoReason = new("RUNG022", Warning, "No reason",
        "Whoever changes this route next cannot know why it is as it is.", "Add why.");
    internal static readonly LintRule UnusedModel = new("RUNG023", Warning, "Unused model",
        "No tier holds the model and no pin names it, so no call reaches it.", "Put it into a tier, or remove it.");
    internal static readonly LintRule UnusedTier = new("RUNG024", Info, "Unused tier",
        "No route starts at this tier or climbs to it.", "Remove it, or use it.");
    internal static readonly LintRule NoKey = new("RUNG025", Warning, "Remote model without a key",
        "An address on another host is called without a key.", "Add key: { env: NAME }, or ignore this for a server that wants none.");
    internal static readonly LintRule PlainHttp = new("RUNG026", Warning, "Plain http to another host",
        "Prompts, answers and the key travel unencrypted.", "Use https.");
    internal static readonly LintRule DefaultBelowReference = new("RUNG027", Warning, "Default route below the reference tier",
        "Calls that nobody has looked at yet go to a cheaper model.", "Start default at the reference tier, and give known calls a tag.");
    internal static readonly LintRule HeldForPeople = new("RUNG028", Info, "User-visible answer that is held",
        "A held stream starts when its verdict is there, so a person waits for the whole answer before the first word.", "Write stream: hold to accept it, or stream: { hold_until: first_valid_prefix }, or stream: pass.");
    internal static readonly LintRule PassCannotClimb = new("RUNG029", Warning, "Stream that passes with an escalation on the answer",
        "What has been sent cannot be taken back: the verdict is recorded and the call never climbs because of it.", "Write on: [unavailable], or hold the stream.");
    internal static readonly LintRule PrefixUnwatched = new("RUNG030", Warning, "First valid prefix without a check that watches",
        "No check can judge a beginning, so the stream is held to the end all the same.", "Add json, schema or length with max, or write stream: hold.");
    internal static readonly LintRule RawLogProbabilities = new("RUNG031", Warning, "Raw log-probabilities as confidence",
        "A model's log-probabilities say how likely its words were, not how often it is right.", "Train a verifier on graded answers and calibrate its threshold the same way (rung train verifier, rung calibrate).");
    internal static readonly LintRule JudgeOfItself = new("RUNG032", Warning, "Verifier on the rung that it judges, or above",
        "A model prefers its own answers, and a verifier as dear as the next rung saves nothing.", "Use a smaller model of another family, or a trained verifier.");
    internal static readonly LintRule ThresholdUnproved = new("RUNG033", Warning, "Verifier threshold without evidence",
        "A threshold that nobody measured keeps too many bad answers or climbs too often.", "Run rung calibrate and name its certificate in evidence.");
    internal static readonly LintRule UnusedHelper = new("RUNG034", Info, "Unused verifier or command",
        "No check uses it; a program that is allowed and not needed is one too many.", "Use it in a check, or remove it.");
    internal static readonly LintRule CertificateVoid = new("RUNG035", Warning, "Certificate that does not hold for the route",
        "The evidence is a certificate, but not for what the policy does now: its promise covers nothing.", "Run rung calibrate --tag TAG again, and take its threshold.");
    internal static readonly LintRule NoCertificate = new("RUNG036", Info, "User-visible cascade without a certificate",
        "A person reads what a cheaper model wrote, and nobody can say how much worse it may be than the reference.", "Run rung calibrate --tag TAG, and name the certificate that it writes in evidence.");
    internal static readonly LintRule CertificateStale = new("RUNG037", Info, "Certificate that does not hold, where nobody reads the answers",
        "The evidence is a certificate, but not for what the policy does now.", "Run rung calibrate --tag TAG again, or name other evidence.");
    internal static readonly LintRule StatedGap = new("RUNG038", Info, "Tier below the reference whose evidence is stated as missing",
        "The policy says itself that nothing has proved this tier yet, and what would.", "Run what prove says, and name its result in evidence.");
    internal static readonly LintRule CaptureUnredacted = new("RUNG039", Warning, "Content that is kept without redaction",
        "Addresses, numbers of cards and keys that people and programs send are stored as they are.", "Leave redact out: then every kind is blotted out.");
    internal static readonly LintRule CaptureOfDataClass = new("RUNG040", Warning, "Content of a pinned data class that is kept",
        "A pin holds this data back from models, and a copy of it stands in the data directory: redaction knows addresses, numbers and keys, not what people say.", "Write capture: none, or take the data class into account: keep_days, RUNG_CONTENT_KEY, who reads the directory.");
    internal static readonly LintRule EvalOld = new("RUNG041", Warning, "Evidence of an eval that is too old",
        "Models, prompts and inputs move on; what was true then may not be now.", "Run the eval again: rung eval run --set SET --write-evidence.");
    internal static readonly LintRule EvalModelChanged = new("RUNG042", Warning, "Model that has changed since its eval",
        "The evidence is about another version of the model, or of the reference.", "Run the eval again: rung eval run --set SET --write-evidence.");
    internal static readonly LintRule EvalVoid = new("RUNG043", Warning, "Evidence of an eval that does not speak for the route",
        "The eval was about another tag, another model or weaker terms, or it did not find the model eligible.", "Run an eval of the model that answers, or use a tier whose model is eligible.");
    internal static readonly LintRule EvalDrift = new("RUNG044", Warning, "Inputs that have drifted from the eval set",
        "What comes in is no longer what the eval was made from.", "Build the set again from recent calls, and run it.");
    internal static readonly LintRule EvalJudge = new("RUNG045", Warning, "Evidence that rests on a judge that is not trusted",
        "The judge's agreement with people is unknown, or below what the policy asks for.", "Review some of its verdicts (rung review), then run the eval's report again.");

    internal static readonly LintRule BudgetTagUnknown = new("RUNG046", Warning, "Budget with an unknown tag",
        "A slip in the name would leave the spending that it should cover unwatched.", "Correct the name, or add the tag.");
    internal static readonly LintRule SteeringOff = new("RUNG047", Warning, "Floors that nobody watches",
        "A floor is stated, but the control loop is told not to look at it.", "Write steering: propose to be told without any change, or remove the floors.");
    internal static readonly LintRule AlertUnsigned = new("RUNG048", Warning, "Alerts without a signature",
        "Whoever learns the address can send alerts that look like Rung's.", "Add secret: { env: NAME }, and check the signature where they arrive.");

    /// <summary>All of them, by code.</summary>
    public static ImmutableArray<LintRule> All { get; } =
    [
        UserVisibleUnchecked, NoContainment, NoEvidence, MixedPool, PriceSpread, CeilingWithoutFloor, FloorWithoutCeiling, EscalationDown,
        EscalationNowhere, EscalationTimes, ChecksWithoutEscalation, EscalationWithoutChecks, PinOffLadder, PinnedModelOffLadder,
        PinOutsideRoute, PinsDisjoint, PinNameUnknown, UnknownPrice, PriceEnded, PriceUncertain, NoOwner, NoReason, UnusedModel, UnusedTier,
        NoKey, PlainHttp, DefaultBelowReference, HeldForPeople, PassCannotClimb, PrefixUnwatched, RawLogProbabilities, JudgeOfItself,
        ThresholdUnproved, UnusedHelper, CertificateVoid, NoCertificate, CertificateStale, StatedGap, CaptureUnredacted, CaptureOfDataClass,
        EvalOld, EvalModelChanged, EvalVoid, EvalDrift, EvalJudge, BudgetTagUnknown, SteeringOff, AlertUnsigned,
    ];
}
