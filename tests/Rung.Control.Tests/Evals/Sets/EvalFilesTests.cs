using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Rung.Control.Evals;
using Rung.Control.Evals.Sets;
using Rung.Control.Evals.Sets.Reading;
using Rung.Storage.Content;

namespace Rung.Control.Tests.Evals.Sets;

public sealed class EvalFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rung-sets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Json_lines_are_read_with_whatever_names_people_give_to_question_and_answer()
    {
        var read = Read("q.jsonl", """
            {"prompt":"2+2?","answer":"4","id":"a"}
            {"input":"3+3?","gold":6,"tag":"Sums","data_class":"phi","group":"g1","weight":2.5}
            {"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"reference":{"role":"assistant","content":"Hello"},"temperature":0,"model":"gpt-9"}
            {"messages":[{"role":"user","content":"Weather?"},{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"w","arguments":"{}"}}]}],"tools":[{"type":"function","function":{"name":"w"}}]}
            {"question":"No answer here","system":"S","part":"test"}
            """);

        Assert.Equal(5, read.Rows.Count);
        Assert.Equal(0, read.Bad);
        Assert.Equal(["q.jsonl: JSON"], read.Formats);
        Assert.Equal("""{"messages":[{"role":"user","content":"2+2?"}]}""", Request(Row(read, "file q.jsonl#a")));
        Assert.Equal("""{"role":"assistant","content":"4"}""", Given(Row(read, "file q.jsonl#a")));
        var second = Row(read, "file q.jsonl:2");
        Assert.Equal(("6", "sums", "phi", "g1", 2.5), (Content(second), second.Tag, second.DataClass, second.GroupHint, second.Mass));
        Assert.Equal("""{"messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}],"temperature":0}""", Request(Row(read, "file q.jsonl:3")));
        var tools = Row(read, "file q.jsonl:4");
        Assert.Equal("""{"messages":[{"role":"user","content":"Weather?"}],"tools":[{"type":"function","function":{"name":"w"}}]}""", Request(tools));
        Assert.Contains("tool_calls", Given(tools), StringComparison.Ordinal);
        Assert.Equal((true, EvalPart.Test), (Row(read, "file q.jsonl:5").Given.IsEmpty, Row(read, "file q.jsonl:5").Part));
    }

    [Fact]
    public void Openai_evals_are_known_and_every_ideal_answer_is_kept()
    {
        var read = Read("evals.jsonl", """
            {"input":[{"role":"system","content":"S"},{"role":"user","content":"Capital of Peru?"}],"ideal":["Lima","lima"]}
            {"input":[{"role":"user","content":"2+2"}],"ideal":"4"}
            """);
        Assert.Equal(["evals.jsonl: OpenAI evals"], read.Formats);
        Assert.Equal("""["Lima","lima"]""", Content(Row(read, "file evals.jsonl:1")));
        Assert.Equal("""{"role":"assistant","content":"4"}""", Given(Row(read, "file evals.jsonl:2")));
    }

    [Theory]
    [InlineData("""{"data":[ITEMS],"meta":{"page":1}}""")]
    [InlineData("""{"id":"ds","name":"intents","items":[ITEMS]}""")]
    [InlineData("[ITEMS]")]
    public void Langfuse_datasets_are_known_however_they_were_exported(string shape)
    {
        const string Items = """
            {"id":"i1","status":"ACTIVE","input":{"question":"Where is my parcel?"},"expectedOutput":{"label":"delivery"},"metadata":{"session_id":"s9","tag":"intent"},"datasetId":"d","datasetName":"intents","sourceTraceId":"t1"},
            {"id":"i2","status":"ACTIVE","input":[{"role":"user","content":"Refund!"}],"expectedOutput":"refund","metadata":null,"datasetId":"d","datasetName":"intents"},
            {"id":"i3","status":"ARCHIVED","input":"old","expectedOutput":"x","datasetId":"d","datasetName":"intents"}
            """;
        var read = Read("langfuse.json", shape.Replace("ITEMS", Items, StringComparison.Ordinal));
        Assert.Equal(["langfuse.json: Langfuse dataset"], read.Formats);
        Assert.Equal(2, read.Rows.Count);
        Assert.Equal(1, read.LeftOut["archived items"]);
        var first = Row(read, "file langfuse.json#i1");
        Assert.Equal("""{"messages":[{"role":"user","content":"Where is my parcel?"}]}""", Request(first));
        Assert.Equal(("delivery", "s9", "intent"), (Content(first), first.Session, first.Tag));
        Assert.Equal("refund", Content(Row(read, "file langfuse.json#i2")));
    }

    [Fact]
    public void Recorded_outcomes_keep_their_groups_and_one_source_can_be_taken()
    {
        const string Text = """
            {"id":"g/1","source":"gsm8k","split_hint":"g:7","prompt":"2+2?","gold":"4","models":{"m":{"correct":1}},"simulated":true}
            {"id":"b/1","source":"bfcl/simple","split_hint":"","prompt":"Call it","tools":"{\"name\":\"x\"}","models":{"m":{"correct":1}}}
            """;
        var options = new EvalFileOptions { Paths = [Write("outcomes.jsonl.gz", Text, gzip: true)], RecordedTools = recorded => $"[{recorded}]" };
        var read = EvalFiles.Read(options, CancellationToken.None);
        Assert.Equal(["outcomes.jsonl.gz: recorded outcomes"], read.Formats);
        Assert.Equal(("g:7", "4", true), (Row(read, "recorded g/1").GroupHint, Content(Row(read, "recorded g/1")), Row(read, "recorded g/1").Simulated));
        Assert.Equal("""{"messages":[{"role":"user","content":"Call it"}],"tools":[{"name":"x"}]}""", Request(Row(read, "recorded b/1")));
        Assert.Null(Row(read, "recorded b/1").GroupHint);
        Assert.True(read.Simulated);

        var one = EvalFiles.Read(options with { SourcePrefix = "bfcl/" }, CancellationToken.None);
        Assert.Equal("recorded b/1", Assert.Single(one.Rows).Origin);
        Assert.Equal(1, one.LeftOut["rows of another source"]);
    }

    [Fact]
    public void A_table_is_read_with_quotes_line_ends_and_json_in_its_cells()
    {
        var read = Read("t.csv", "id,prompt,expected_output,tag\r\n1,\"Say \"\"hi\"\",\nplease\",hi,t\r\n2,\"[{\"\"role\"\":\"\"user\"\",\"\"content\"\":\"\"Yo\"\"}]\",\"[1, 2]\",t\r\n3,,nothing,t\r\n4,{not json,x,u\r\n");
        Assert.Equal(["t.csv: CSV"], read.Formats);
        Assert.Equal("""{"messages":[{"role":"user","content":"Say \"hi\",\nplease"}]}""", Request(Row(read, "file t.csv#1")));
        Assert.Equal("""{"messages":[{"role":"user","content":"Yo"}]}""", Request(Row(read, "file t.csv#2")));
        Assert.Equal("[1, 2]", Content(Row(read, "file t.csv#2")));
        Assert.Equal("""{"messages":[{"role":"user","content":"{not json"}]}""", Request(Row(read, "file t.csv#4")));
        Assert.Equal(1, read.Bad);
        Assert.Contains("t.csv:", Assert.Single(read.BadExamples), StringComparison.Ordinal);

        var one = EvalFiles.Read(new EvalFileOptions { Paths = [Path.Combine(_folder, "t.csv")], Tag = "u" }, CancellationToken.None);
        Assert.Equal("file t.csv#4", Assert.Single(one.Rows).Origin);
        Assert.Equal(2, one.LeftOut["rows of another tag"]);
    }

    [Fact]
    public void Bad_lines_are_counted_and_named_by_line_and_never_quoted()
    {
        var read = Read("bad.jsonl", """
            {"prompt":"good","answer":"1"}
            {"prompt":"secret text","answer":
            [1,2]
            "secret text"
            {"nothing":"secret text"}
            {"prompt":"   "}
            {"messages":[{"content":"secret text"}]}
            {"messages":[]}
            {"prompt":"x","weight":-1}
            {"prompt":"x","part":"both"}
            {"prompt":5}
            {"prompt":"also good"}
            """);
        Assert.Equal(2, read.Rows.Count);
        Assert.Equal(11, read.Bad); // The list is two.
        Assert.Equal(5, read.BadExamples.Count);
        Assert.All(read.BadExamples, example => Assert.StartsWith("bad.jsonl:", example, StringComparison.Ordinal));
        Assert.All(read.BadExamples, example => Assert.DoesNotContain("secret", example, StringComparison.Ordinal));
        Assert.Contains(read.BadExamples, example => example.StartsWith("bad.jsonl:2:", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"a\":1}\n")]
    [InlineData("a,b\n1,2\n")]
    [InlineData("\0\u0001\u0002 no text \u0003")]
    public void A_file_without_a_usable_row_is_an_error_that_says_what_is_needed(string text) =>
        Assert.NotEmpty(Assert.Throws<EvalException>(() => Read("x.jsonl", text)).Fix);

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains("nowhere.jsonl", Assert.Throws<EvalException>(() =>
        EvalFiles.Read(new EvalFileOptions { Paths = [Path.Combine(_folder, "nowhere.jsonl")] }, CancellationToken.None)).Problem, StringComparison.Ordinal);

    [Fact]
    public void An_exported_set_comes_back_to_the_same_hash()
    {
        var sources = Questions.Mixed(40).Select((row, i) => row with { DataClass = i % 5 == 0 ? "phi" : null, User = "u" }).ToArray();
        var rows = Questions.RowsOf(Questions.Draw(sources, new EvalSampling { Size = 25, Seed = 9 }))
            .Select((row, i) => i % 2 == 0 ? row : row with { Reference = ChatForm.AnswerOf("ünï \"q\" \u2028 <b>" + i), ReferenceSource = ReferenceSource.Model, ReferenceBy = "opus", ReferenceCostNanoUsd = i }).ToArray();
        var set = new EvalSet { Name = "s", Version = 3, Hash = EvalSetHash.Of(rows), Tag = "t", MadeAt = DateTimeOffset.UnixEpoch, MadeBy = "test", Seed = 9, Rows = rows.Length, Simulated = true, Profile = "{}" };
        using var file = new MemoryStream();
        EvalSetFile.Write(file, set, rows);

        var back = Read("set.jsonl", Encoding.UTF8.GetString(file.ToArray())).Exported!;

        Assert.Equal(set.Hash, EvalSetHash.Of(back.Rows));
        Assert.Equal((set.Hash, "s", "t", 9L, true, "{}"), (back.Hash, back.Name, back.Tag, back.Seed, back.Simulated, back.Profile));
        Assert.Equal(rows.Select(row => (row.Position, row.CallId, row.CalledAt, row.Session, row.User, row.ReferenceCostNanoUsd)), back.Rows.Select(row => (row.Position, row.CallId, row.CalledAt, row.Session, row.User, row.ReferenceCostNanoUsd)));
        // Written otherwise, it is still the same set.
        var spread = string.Join('\n', Encoding.UTF8.GetString(file.ToArray()).TrimEnd().Split('\n').Select(line => JsonSerializer.Serialize(JsonDocument.Parse(line).RootElement)));
        Assert.Equal(set.Hash, EvalSetHash.Of(Read("spread.jsonl", spread).Exported!.Rows));
    }

    [Fact]
    public void A_captured_request_loses_its_model_and_who_asked()
    {
        using var request = JsonDocument.Parse("""{ "model": "m", "stream": true, "user": "ada", "messages": [ {"role":"user","content":"Hi"} ], "max_tokens": 5, "metadata": {} }""");
        Assert.Equal("""{"messages":[{"role":"user","content":"Hi"}],"max_tokens":5}""", Encoding.UTF8.GetString(ChatForm.RequestOf(request.RootElement)));
    }

    private EvalPopulation Read(string name, string text) => EvalFiles.Read(new EvalFileOptions { Paths = [Write(name, text)] }, CancellationToken.None);

    private string Write(string name, string text, bool gzip = false)
    {
        var path = Path.Combine(_folder, name);
        using Stream file = File.Create(path);
        using var target = gzip ? new GZipStream(file, CompressionLevel.Fastest) : file;
        target.Write(Encoding.UTF8.GetBytes(text));
        return path;
    }

    private static EvalSourceRow Row(EvalPopulation population, string origin) => Assert.Single(population.Rows, row => row.Origin == origin);

    private static string Request(EvalSourceRow row) => Encoding.UTF8.GetString(row.Request.Span);

    private static string Given(EvalSourceRow row) => Encoding.UTF8.GetString(row.Given.Span);

    private static string? Content(EvalSourceRow row)
    {
        using var json = JsonDocument.Parse(row.Given);
        return json.RootElement.GetProperty("content").GetString();
    }
}
