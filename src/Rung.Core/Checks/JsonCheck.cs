using Rung.Core.Checks.Json;

namespace Rung.Core.Checks;

/// <summary>The answer is one JSON value. A value inside a Markdown code fence fails: whoever reads it next would have to strip the fence.</summary>
internal sealed class JsonCheck : Check
{
    public override string Name => "json";

    public override CheckResult Evaluate(Answer answer) =>
        JsonParser.TryScan(answer.Content.Span, "The answer", out _, out var fault) ? CheckResult.Pass : CheckResult.Fail(fault);

    public override AnswerWatch Watch() => new JsonWatch();
}
