using System.Text.Json;

namespace Rung.Control.Imports.Reading;

/// <summary>
/// Collects what a log says of the job that made a call. The first word for each thing counts, so a reader asks the surest field first; what the caller
/// named itself wins over what is only inferred.
/// </summary>
internal sealed class JobNames
{
    private string? given, inferred, role;

    /// <summary>The agent that made the call.</summary>
    public string? Agent { get; private set; }
    /// <summary>The step that made it.</summary>
    public string? Step { get; private set; }
    /// <summary>Session or conversation.</summary>
    public string? Session { get; private set; }
    /// <summary>End user.</summary>
    public string? User { get; private set; }

    /// <summary>A job that the caller named.</summary>
    public void Give(string? tag) => given ??= TagName.Of(tag);

    /// <summary>A name that usually is the job.</summary>
    public void Infer(string? tag) => inferred ??= TagName.Of(tag);

    /// <summary>The part an agent plays; the roles of chat messages are none.</summary>
    public void GiveRole(string? name)
    {
        if (role is null && TagName.Of(name) is { } word && word is not ("user" or "assistant" or "system" or "tool")) role = word;
    }

    /// <summary>The agent.</summary>
    public void GiveAgent(string? name) => Agent ??= TagName.Cut(name);

    /// <summary>The step.</summary>
    public void GiveStep(string? name) => Step ??= TagName.Cut(name);

    /// <summary>The session.</summary>
    public void GiveSession(string? name) => Session ??= TagName.Cut(name);

    /// <summary>The end user.</summary>
    public void GiveUser(string? name) => User ??= TagName.Cut(name);

    /// <summary>Reads a free map of the caller: <c>task</c>, <c>feature</c>, <c>role</c>, <c>agent</c>, <c>session_id</c> and the like, however they are spelt.</summary>
    public void Read(FieldReading map)
    {
        if (map.IsMissing || map.IsRow) return;
        Span<string?> found = new string?[TagKeys.Length];
        foreach (var member in map.Element.EnumerateObject())
        {
            if (member.Value.ValueKind != JsonValueKind.String || member.Name.Length > 32) continue;
            var value = member.Value.GetString();
            var key = Fold(member.Name);
            switch (key)
            {
                case "role" or "rungrole" or "agentrole": GiveRole(value); break;
                case "agent" or "agentname": GiveAgent(value); break;
                case "step" or "node" or "langgraphnode" or "stepname": GiveStep(value); break;
                case "session" or "sessionid" or "conversation" or "conversationid" or "threadid": GiveSession(value); break;
                case "user" or "userid" or "enduser": GiveUser(value); break;
                default:
                    var rank = Array.IndexOf(TagKeys, key);
                    if (rank >= 0) found[rank] ??= value;
                    break;
            }
        }
        foreach (var tag in found) Give(tag);
    }

    /// <summary>
    /// Reads labels that a caller put on a call. <c>task:classify</c> and the like name the job, <c>role:planner</c> the role; a label alone names the job unless
    /// it is an environment; labels that a client or a gateway adds by itself (<c>User-Agent: …</c>) and other pairs say nothing of it.
    /// </summary>
    public void ReadLabels(IReadOnlyList<string> labels)
    {
        string? plain = null;
        foreach (var label in labels)
        {
            var colon = label.IndexOfAny([':', '=']);
            if (colon <= 0)
            {
                if (!IsEnvironment(label)) plain ??= label;
                continue;
            }
            var value = label[(colon + 1)..].Trim();
            var key = Fold(label.AsSpan(0, colon));
            if (key is "role" or "rungrole" or "agentrole") GiveRole(value);
            else if (key is "agent" or "agentname") GiveAgent(value);
            else if (Array.IndexOf(TagKeys, key) >= 0) Give(value);
        }
        Give(plain);
    }

    /// <summary>The call with these names.</summary>
    public ImportedCall ApplyTo(ImportedCall call) => call with
    {
        Tag = given ?? inferred,
        TagSource = given is not null ? ImportedTagSource.Given : inferred is not null ? ImportedTagSource.Inferred : ImportedTagSource.None,
        Role = role,
        Agent = call.Agent ?? Agent,
        Step = call.Step ?? Step,
        Session = call.Session ?? Session,
        User = call.User ?? User,
    };

    // The surest first.
    private static readonly string[] TagKeys =
        ["rungtag", "tag", "task", "taskname", "job", "jobname", "feature", "featurename", "usecase", "function", "functionname", "operation", "generationname"];

    private static bool IsEnvironment(string label) =>
        label.Trim().ToLowerInvariant() is "prod" or "production" or "staging" or "stage" or "dev" or "development" or "test" or "testing" or "local" or "default" or "";

    private static string Fold(ReadOnlySpan<char> key)
    {
        Span<char> folded = stackalloc char[32];
        var length = 0;
        foreach (var letter in key)
        {
            if (length == folded.Length) break;
            if (char.IsLetterOrDigit(letter)) folded[length++] = char.ToLowerInvariant(letter);
        }
        return folded[..length].ToString();
    }
}
