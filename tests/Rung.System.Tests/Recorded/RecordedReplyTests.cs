using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rung.Recorded;

namespace Rung.Tests.Recorded;

public sealed class RecordedReplyTests
{
    [Fact]
    public void The_pieces_of_a_text_make_the_text_again_and_split_no_character() =>
        Prop.ForAll<NonNull<string>, PositiveInt>((text, most) =>
            {
                var whole = text.Get + "🙂é🙂";
                var pieces = RecordedReply.Pieces(whole, most.Get).ToArray();
                return string.Concat(pieces) == whole && pieces.All(piece => piece.Length > 0 && piece.Length <= most.Get + 1 && !char.IsLowSurrogate(piece[0]));
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_cap_never_cuts_a_character_in_two()
    {
        var text = string.Concat(Enumerable.Repeat("🙂", 10));
        var row = new RecordedRow { Id = "a", Source = "", Prompt = "Q", Key = 1 };
        var outcome = new RecordedOutcome { Model = "m", PromptTokens = 1, CompletionTokens = 20 };
        var answer = new RecordedAnswer { Text = Encoding.UTF8.GetBytes(text), ToolCalls = [] };

        for (var cap = 1; cap < 20; cap++)
        {
            var json = new RecordedReply(row, outcome, answer, cap, created: 0).ToJson();
            Assert.Equal(string.Concat(Enumerable.Repeat("🙂", cap / 2)), ChatAnswer.Read(json).Text);
        }
    }

    [Fact]
    public void A_cap_inside_tool_calls_leaves_one_unfinished_and_drops_the_rest()
    {
        var row = new RecordedRow { Id = "a", Source = "", Prompt = "Q", Key = 1 };
        var outcome = new RecordedOutcome { Model = "m", PromptTokens = 1, CompletionTokens = 10 };
        var answer = new RecordedAnswer { Text = null, ToolCalls = [new("f", "{\"x\":1}"u8.ToArray()), new("g", "{\"y\":2}"u8.ToArray())] };

        var calls = ChatAnswer.Read(new RecordedReply(row, outcome, answer, maxTokens: 3, created: 0).ToJson()).ToolCalls;

        Assert.Equal([new ChatToolCall("f", "{\"x\"")], calls); // 14 characters × 3 ÷ 10 tokens.
    }
}
