using System.Text;
using System.Text.Json.Nodes;
using Rung.Core.Checks;
using Rung.Core.Learning;

namespace Rung.Core.Tests.Learning;

public sealed class ModelFileTests
{
    private static readonly Lazy<(TrainedVerifier Verifier, byte[] File)> s_trained = new(() =>
    {
        var verifier = VerifierTraining.Train(Graded.Sums(90), Graded.Options()).Verifier;
        return (verifier, verifier.Write(Graded.Provenance(90)));
    });

    [Fact]
    public void A_model_that_was_written_is_read_and_scores_the_same()
    {
        var (trained, file) = s_trained.Value;

        var read = TrainedVerifier.Read("sums", file, out var fault);

        Assert.Null(fault);
        Assert.NotNull(read);
        Assert.Equal(("sums", "small", "large"), (read.Name, read.Weak, read.Strong));
        Assert.Equal(("correct", "sums", 90, 1UL), (read.Provenance!.Label, read.Provenance.Tag, read.Provenance.Rows, read.Provenance.Seed));
        Assert.Equal(trained.ThresholdFor(0.98), read.ThresholdFor(0.98));
        Assert.All(Graded.Sums(40), row => Assert.Equal(trained.Predict(row.WeakAnswer), read.Predict(row.WeakAnswer)));
        Assert.Equal(file, read.Write(read.Provenance));
        Assert.InRange(file.Length, 10_000, 1_000_000);
    }

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("[]", "no verifier model")]
    [InlineData("{\"format\":\"rung-verifier\",\"version\":99}", "\"version\" is 99")]
    [InlineData("{\"format\":\"rung-verifier\",\"version\":1,\"features\":0}", "Train the verifier again")]
    [InlineData("{\"format\":\"rung-verifier\",\"version\":1,\"version\":1}", "JSON")]
    public void What_is_no_model_is_refused_with_a_sentence(string file, string said)
    {
        Assert.Null(TrainedVerifier.Read("x", Encoding.UTF8.GetBytes(file), out var fault));
        Assert.Contains(said, fault!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_beyond_a_mebibyte_is_refused() => Assert.True(
        TrainedVerifier.Read("x", new byte[(1024 * 1024) + 1], out var fault) is null && fault!.Contains("at most", StringComparison.Ordinal));

    [Fact]
    public void A_tree_that_goes_round_is_refused()
    {
        var json = JsonNode.Parse(s_trained.Value.File)!;
        var head = json["right"]!["trees"] is null ? json["right"] = new JsonObject() : json["right"]!;
        head["trees"] = new JsonObject { ["base"] = 0, ["trees"] = new JsonArray(new JsonArray(new JsonArray(0, 0.5, 0), 1, 2)) };

        Assert.Null(TrainedVerifier.Read("x", Encoding.UTF8.GetBytes(json.ToJsonString()), out var fault));
        Assert.Contains("left child", fault!, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_changed_bytes_is_refused_or_still_scores_between_0_and_1()
    {
        var chance = new Graded.Sequence(11);
        var answers = Graded.Sums(5).Select(row => row.WeakAnswer).ToArray();
        for (var round = 0; round < 300; round++)
        {
            var file = (byte[])s_trained.Value.File.Clone();
            // Most of the file are weights: half of the changes go to where its parts have names.
            var reach = round % 2 == 0 ? file.Length : 3_000;
            for (var change = 0; change <= round % 4; change++) file[chance.Below(reach)] = (byte)(chance.Share() < 0.5 ? chance.Below(256) : "0123456789-e.,[]{}\"null"[chance.Below(22)]);
            if (round % 7 == 0) file = file[..chance.Below(file.Length)];

            var read = TrainedVerifier.Read("x", file, out var fault);

            Assert.True(read is null != (fault is null));
            foreach (var answer in answers)
            {
                if (read is not null) Assert.InRange(read.Score(answer).Value!.Value, 0, 1);
            }
        }
    }

    [Fact]
    public void Whatever_an_answer_holds_it_gets_a_score()
    {
        var verifier = TrainedVerifier.Read("sums", s_trained.Value.File, out _)!;
        var chance = new Graded.Sequence(5);
        const string Pieces = "0123456789 .,$%()=+-*/x<>#\n\"{}[]A:\\ueéπ🙂\u0000\ud800";
        for (var round = 0; round < 400; round++)
        {
            string Text() => string.Concat(Enumerable.Range(0, chance.Below(120)).Select(_ => Pieces[chance.Below(Pieces.Length)]));
            var bytes = Encoding.UTF8.GetBytes(Text());
            if (bytes.Length > 0) bytes[chance.Below(bytes.Length)] = (byte)chance.Below(256);
            var prompt = Encoding.UTF8.GetBytes(Text() + "\nA. 1\nB. none of the above\nC. x");
            var answer = new Answer
            {
                Content = bytes,
                FinishReason = round % 3 == 0 ? "length" : null,
                ToolCalls = round % 2 == 0 ? [] : [new ToolCall(Text(), Encoding.UTF8.GetBytes(round % 4 == 1 ? Text() : "{\"a\":[1,{\"b\":\"\\ud800\"}],\"c\":1e400}")), new ToolCall("f", default)],
                Context = new CallContext
                {
                    Prompt = prompt, Given = prompt,
                    Tools = Encoding.UTF8.GetBytes(round % 5 == 0 ? Text() : "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\",\"required\":[\"c\",1],\"properties\":{\"c\":{\"type\":\"integer\",\"enum\":[1]},\"a\":3}}}},4]"),
                },
            };
            Assert.InRange(verifier.Score(answer).Value!.Value, 0, 1);
        }
        Assert.NotNull(verifier.Score(new Answer { Content = default }).Unavailable);
    }

    [Fact]
    public void A_very_long_answer_is_cut_not_refused()
    {
        var verifier = s_trained.Value.Verifier;
        var answer = Graded.Answer(new string('y', 300_000), string.Concat(Enumerable.Repeat("1 + 1 = 2, ", 40_000)) + "(((((( #### 2");

        Assert.InRange(verifier.Score(answer).Value!.Value, 0, 1);
    }
}
