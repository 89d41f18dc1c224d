using Rung.Core.Policies.Changes;
using Rung.Core.Tests.Steering;

namespace Rung.Core.Tests.Policies;

/// <summary>Edits that the control loop makes by itself: nothing but what was asked for changes.</summary>
public sealed class PolicyMoveTests
{
    private const string Text = SteeringCase.Text;

    [Fact]
    public void A_tag_is_moved_one_tier_up_and_its_escalation_goes_on_going_up()
    {
        var moved = PolicyMove.SetTier(Text, "classify-intent", "mid", out var problem);

        Assert.Null(problem);
        Assert.Equal(Text.Replace("tier: small # cheap", "tier: mid # cheap", StringComparison.Ordinal).Replace("{ to: mid, on: [check_failed] }", "{ to: large, on: [check_failed] }", StringComparison.Ordinal), moved);
    }

    [Fact]
    public void At_the_top_an_escalation_ends()
    {
        var moved = PolicyMove.SetTier(Text, "classify-intent", "large", out _);

        Assert.Contains("    escalate: none\n    floor:", moved, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tier_of_the_role_becomes_a_line_of_the_tag_and_so_does_its_escalation()
    {
        var moved = PolicyMove.SetTier(Text, "summarize", "large", out var problem);

        Assert.Null(problem);
        Assert.Equal(Text.Replace("    role: worker\n", "    tier: large\n    escalate: none\n    role: worker\n", StringComparison.Ordinal), moved);
    }

    [Theory]
    [InlineData("  summarize: { role: worker, owner: team, why: x }", "  summarize: { tier: large, escalate: none, role: worker, owner: team, why: x }")]
    [InlineData("  summarize: { role: worker, tier: 'small', owner: team, why: x, escalate: { to: mid } }", "  summarize: { role: worker, tier: large, owner: team, why: x, escalate: none }")]
    public void A_block_in_braces_is_edited_in_its_braces(string block, string expected)
    {
        var text = Text[..Text.IndexOf("  # Nobody", StringComparison.Ordinal)] + block + "\ndefault: { tier: large, why: x }\n";

        Assert.Contains(expected + "\n", PolicyMove.SetTier(text, "summarize", "large", out _), StringComparison.Ordinal);
    }

    [Fact]
    public void An_escalation_over_several_lines_ends_whole()
    {
        var text = Text.Replace("escalate: { to: mid, on: [check_failed] }", "escalate:\n      to: mid\n      # why not\n      on:\n      - check_failed", StringComparison.Ordinal);

        Assert.Contains("    checks: [json]\n    escalate: none\n    floor:", PolicyMove.SetTier(text, "classify-intent", "large", out _), StringComparison.Ordinal);
        Assert.Contains("    escalate:\n      to: large\n      # why not\n", PolicyMove.SetTier(text, "classify-intent", "mid", out _), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody", "mid", "no block for tag nobody")]
    [InlineData("classify-intent", "huge", "no tier huge")]
    public void What_is_not_there_is_said(string tag, string tier, string expected)
    {
        Assert.Null(PolicyMove.SetTier(Text, tag, tier, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Blocks_are_taken_over_with_their_comments_and_nothing_else_changes()
    {
        var candidate = Text.Replace("  # The six labels.\n", "  # The seven labels.\n", StringComparison.Ordinal).Replace("Six labels.", "Seven labels.", StringComparison.Ordinal)
            .Replace("    role: worker\n", "    role: worker\n    max_tokens: 20\n", StringComparison.Ordinal);

        var spliced = PolicyMove.SpliceTags(Text, candidate, ["classify-intent"], out var problem);

        Assert.Null(problem);
        Assert.Equal(Text.Replace("  # The six labels.\n", "  # The seven labels.\n", StringComparison.Ordinal).Replace("Six labels.", "Seven labels.", StringComparison.Ordinal), spliced);
        Assert.Equal(candidate, PolicyMove.SpliceTags(Text, candidate, [], out _));
    }

    [Fact]
    public void Tags_come_and_go()
    {
        const string Added = "  extract:\n    tier: mid\n    owner: team\n    why: \"New.\"\n    checks:\n    - json # at the same depth\n";
        var more = Text.Replace("default:", Added + "default:", StringComparison.Ordinal);

        Assert.Equal(more, PolicyMove.SpliceTags(Text, more, ["extract"], out _));
        Assert.Equal(Text, PolicyMove.SpliceTags(more, Text, ["extract"], out _));
    }

    [Fact]
    public void Layouts_may_differ()
    {
        var block = Text[..Text.IndexOf("  # The six", StringComparison.Ordinal)] + "    t:\n      tier: small\n      owner: team\n      why: |\n        Long,\n          and indented.\n      checks:\n        - regex: \"^[{}']+$\"\n    u: { tier: mid, owner: o, why: w }\ndefault: { tier: large, why: x }\n";
        var flow = Text[..Text.IndexOf("tags:", StringComparison.Ordinal)] + "tags: { t: { tier: mid, owner: team, why: \"it's, so\", checks: [json] }, v: { tier: mid, owner: o, why: w } }\ndefault: { tier: large, why: x }\n";

        var into = PolicyMove.SpliceTags(flow, block, [], out var first);
        var back = PolicyMove.SpliceTags(block, flow, [], out var second);

        Assert.Null(first);
        Assert.Null(second);
        Assert.Contains("tags: { t: { tier: small, owner: team, why: \"Long,\\u000A", into, StringComparison.Ordinal);
        Assert.Empty(PolicyDiff.Compare(SomePolicy.Snapshot(into!), SomePolicy.Snapshot(block)));
        Assert.Empty(PolicyDiff.Compare(SomePolicy.Snapshot(back!), SomePolicy.Snapshot(flow)));
    }

    [Theory]
    [InlineData("id: b,", "id: b2,", "models")]
    [InlineData("small: { models: [a] }", "small: { models: [b] }", "tiers")]
    [InlineData("Competence.", "Genius.", null)]
    [InlineData("default: { tier: large", "default: { tier: mid", null)]
    public void What_the_tags_need_must_be_the_same(string old, string with, string? expected)
    {
        var candidate = Text.Replace(old, with, StringComparison.Ordinal).Replace("Six labels.", "Seven labels.", StringComparison.Ordinal);

        var spliced = PolicyMove.SpliceTags(Text, candidate, ["classify-intent"], out var problem);

        Assert.Equal(expected is null, spliced is not null);
        if (expected is not null) Assert.Contains(expected, problem, StringComparison.Ordinal);
        else Assert.Equal(Text.Replace("Six labels.", "Seven labels.", StringComparison.Ordinal), spliced);
    }

    [Fact]
    public void A_role_that_a_tag_belongs_to_must_be_the_same()
    {
        Assert.Null(PolicyMove.SpliceTags(Text, Text.Replace("Competence.", "Genius.", StringComparison.Ordinal), ["summarize"], out var problem));
        Assert.Contains("roles", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_that_end_as_on_Windows_go_on_doing_so()
    {
        var moved = PolicyMove.SetTier(Text.Replace("\n", "\r\n", StringComparison.Ordinal), "summarize", "large", out _);

        Assert.Equal(PolicyMove.SetTier(Text, "summarize", "large", out _)!.Replace("\n", "\r\n", StringComparison.Ordinal), moved);
    }
}
