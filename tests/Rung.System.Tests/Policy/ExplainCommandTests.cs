using Rung.Commands;

namespace Rung.Tests.Policy;

public sealed class ExplainCommandTests : IDisposable
{
    private const string Pins = """
        pins:
          - { name: health, when: { data_class: phi }, models: [mini], why: "DPA 4.2" }
        """;

    private readonly PolicyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_decision_is_told_step_by_step_and_model_by_model()
    {
        var path = _folder.WriteStart();

        var printed = await _folder.RunAsync("explain", "--policy", path, "--tag", "label", "--needs", "tools,json_schema", "--input-tokens", "500");

        Assert.Equal(ExitCode.Ok, printed.Code);
        Assert.Equal("""
            large: maxi
            reason: tag label: small; moved to large, since no model of small may or can take it

            - Tag label has a route of its own.
            - The route starts at small: "Three labels." (owner team-a)
            - The call needs tools, json_schema.
            - No model of small remains, so the call starts at large.
            - The answer is checked: schema label.json.
            - On check_failed, truncated, refused, filtered, unavailable it climbs to large (maxi), at most 1
              time.

              model   tier              why
            ──────────────────────────────────────────────────────
              mini    small   dropped   it cannot do json_schema
              maxi    large   chosen    candidate

            """, printed.Output);
    }

    [Fact]
    public async Task A_pin_that_leaves_no_model_refuses_the_call()
    {
        _folder.WriteStart();
        var path = _folder.Write("rung.yaml", PolicyFolder.Start + Pins);

        var allowed = await _folder.RunAsync("explain", "--policy", path, "--data-class", "PHI");
        var refused = await _folder.RunAsync("explain", "--policy", path, "--data-class", "phi", "--needs", "vision", "--json");

        Assert.Equal(ExitCode.Ok, allowed.Code);
        Assert.StartsWith("small: mini\n", allowed.Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Faults, refused.Code);
        Assert.Equal("pin_unsatisfied", refused.Json.GetProperty("status").GetString());
        Assert.Equal("a pin forbids it", refused.Json.GetProperty("candidates")[1].GetProperty("why").GetString());
        Assert.Contains("REFUSED: a pin leaves no model", (await _folder.RunAsync("explain", "--policy", path, "--data-class", "phi", "--needs", "vision")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stored_revision_can_be_asked_too()
    {
        await _folder.PublishThreeAsync();

        var printed = await _folder.RunAsync("explain", "--policy", "2", "--data", _folder.Data, "--tag", "label", "--json");

        Assert.Equal(("revision 2", "large"), (printed.Json.GetProperty("policy").GetString(), printed.Json.GetProperty("tier").GetString()));
    }

    [Theory]
    [InlineData("'Label!' is not a name", "--tag", "Label!")]
    [InlineData("--needs 'wings' is unknown", "--needs", "tools,wings")]
    [InlineData("--input-tokens -1 is below 0", "--input-tokens", "-1")]
    public async Task A_wrong_option_says_what_is_right(string message, params string[] args)
    {
        var printed = await _folder.RunAsync(["explain", "--policy", _folder.WriteStart(), .. args]);

        Assert.Equal((ExitCode.Usage, ""), (printed.Code, printed.Output));
        Assert.Contains(message, printed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_with_faults_cannot_be_explained_and_lists_them()
    {
        var printed = await _folder.RunAsync("explain", "--policy", _folder.Write("rung.yaml", PolicyFolder.Start));

        Assert.Equal((ExitCode.Usage, ""), (printed.Code, printed.Output));
        Assert.StartsWith("rung.yaml:13:25: error: tags.label.checks[0].schema: The file \"schemas/label.json\" was not found.", printed.Error, StringComparison.Ordinal);
        Assert.Contains("rung: rung.yaml has 1 fault.", printed.Error, StringComparison.Ordinal);
    }
}
