using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Rung.Control.Imports;

namespace Rung.Control.Tests.Imports.Reading;

public sealed class LogImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rung-import").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("{\"a\":1}\n{\"a\":2}\n")]
    [InlineData("{\"a\":1}\r\n\r\n{\"a\":2}")]
    [InlineData("[{\"a\":1},{\"a\":2}]")]
    [InlineData("[\n  {\"a\":1},\n  {\"a\":2}\n]\n")]
    [InlineData("{\"object\":\"list\",\"data\":[{\"a\":1},{\"a\":2}],\"has_more\":false}")]
    [InlineData("{\"meta\":{},\n\"data\":[{\"a\":1},{\"a\":2}]}")]
    [InlineData("{\"data\":[{\"a\":1}],\"meta\":{}}\n{\"data\":[{\"a\":2}],\"meta\":{}}\n")]
    [InlineData("{\"a\":1}{\"a\":2}")]
    [InlineData("\uFEFF{\"a\":1}\n{\"a\":2}\n")]
    public void Lines_arrays_pages_and_documents_give_the_same_records(string text)
    {
        var (format, result) = Read(Encoding.UTF8.GetBytes(text));

        Assert.Equal(["{\"a\":1}", "{\"a\":2}"], format.Records);
        Assert.Equal(2, result.Calls);
        Assert.False(result.Files[0].EndsInside);
        Assert.Equal(0, result.Files[0].Faults);
    }

    [Fact]
    public void A_page_with_usage_is_an_answer_and_not_a_page() =>
        Assert.Single(Read("{\"object\":\"list\",\"data\":[{\"a\":1},{\"a\":2}],\"usage\":{}}"u8.ToArray()).Format.Records);

    [Fact]
    public void A_large_object_of_spans_is_read_element_by_element()
    {
        var filler = new string('x', 100_000);
        var spans = Enumerable.Range(0, 100).Select(i => $"{{\"resource\":{{}},\"n\":{i},\"s\":\"{filler}\"}}");
        var (format, result) = Read(Encoding.UTF8.GetBytes($"{{\"schemaUrl\":\"x\",\n\"resourceSpans\":[{string.Join(",\n", spans)}],\"other\":[1,2]}}"));

        Assert.Equal(100, format.Records.Count);
        Assert.All(format.Records, record => Assert.StartsWith("{\"resourceSpans\":[{\"resource\":{}", record, StringComparison.Ordinal));
        Assert.False(result.Files[0].EndsInside);
    }

    [Fact]
    public void A_broken_line_is_counted_with_its_number_and_the_others_are_read()
    {
        var (format, result) = Read("{\"a\":1}\n{\"a\":\n{\"a\":3}\n"u8.ToArray());

        Assert.Equal(["{\"a\":1}", "{\"a\":3}"], format.Records);
        var fault = Assert.Single(result.Files[0].Examples);
        Assert.Equal((2, "It is no JSON."), (fault.Line, fault.Message));
        Assert.Equal(1, result.Files[0].Faults);
    }

    [Theory]
    [InlineData("starting on port 4000\n{\"a\":1}\n{\"a\":3}\n")]
    [InlineData("\"x\":1},\"status\":\"success\"}\n{\"a\":1}\n{\"a\":3}\n")]
    public void A_first_line_that_is_cut_or_foreign_hides_no_line_behind_it(string text)
    {
        var (format, result) = Read(Encoding.UTF8.GetBytes(text));

        Assert.Equal(["{\"a\":1}", "{\"a\":3}"], format.Records);
        Assert.Equal((1L, 1L), (result.Files[0].Faults, Assert.Single(result.Files[0].Examples).Line));
    }

    [Fact]
    public void A_last_line_that_is_being_written_is_no_fault()
    {
        var (format, result) = Read("{\"a\":1}\n{\"a\":"u8.ToArray());

        Assert.Single(format.Records);
        Assert.Equal((0L, true), (result.Files[0].Faults, result.Files[0].EndsInside));
    }

    [Fact]
    public void A_line_that_is_longer_than_any_record_is_counted_and_the_others_are_read()
    {
        byte[] junk = [.. "{\"a\":\""u8, .. Enumerable.Repeat((byte)'x', 65 << 20), .. "\"}\n"u8];
        var (format, result) = Read([.. "{\"a\":1}\n"u8, .. junk, .. "{\"a\":3}\n"u8]);

        Assert.Equal(["{\"a\":1}", "{\"a\":3}"], format.Records);
        Assert.Equal(new ImportFault(2, "It is longer than 64 MiB."), Assert.Single(result.Files[0].Examples));
    }

    [Fact]
    public void An_array_that_breaks_off_gives_what_came_before()
    {
        var (format, result) = Read("[\n{\"a\":1},\n{\"a\":2},\n{\"a\""u8.ToArray());

        Assert.Equal(2, format.Records.Count);
        Assert.True(result.Files[0].EndsInside);
    }

    [Fact]
    public void Gzip_of_many_members_and_UTF_16_are_unpacked()
    {
        var packed = new MemoryStream();
        foreach (var line in new[] { "{\"a\":1}\n", "{\"a\":2}\n" })
        {
            using var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true);
            gzip.Write(Encoding.UTF8.GetBytes(line));
        }
        Assert.Equal(2, Read(packed.ToArray()).Format.Records.Count);
        Assert.Equal(["{\"a\":\"é\"}"], Read([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{\"a\":\"é\"}\n")]).Format.Records);
    }

    [Fact]
    public void Rows_are_read_whatever_the_delimiter_and_with_line_ends_inside_quotes()
    {
        var (format, result) = Read("\uFEFFname;text;n\r\nx;\"two\r\nlines; \"\"q\"\"\";1\r\ny;;2\r\n"u8.ToArray());

        Assert.Equal(["x|two\r\nlines; \"q\"|1", "y||2"], format.Records);
        Assert.Equal(2, result.Calls);
    }

    [Fact]
    public void Messages_of_protocol_buffers_are_cut_in_all_three_framings()
    {
        byte[] spans = [0x0A, 0x03, 0x12, 0x01, 0x00]; // resource_spans { scope_spans { 0 bytes of something } }
        byte[] twice = [.. spans, .. spans];
        var varint = new byte[] { 5 }.Concat(spans).Concat(new byte[] { 5 }).Concat(spans).ToArray();
        var sized = new byte[] { 0, 0, 0, 5 }.Concat(spans).Concat(new byte[] { 0, 0, 0, 5 }).Concat(spans).ToArray();

        foreach (var file in new[] { twice, varint, sized }) Assert.Equal([Convert.ToHexString(spans), Convert.ToHexString(spans)], Read(file).Format.Records);
    }

    [Fact]
    public void The_same_call_is_handed_over_once_in_a_run_whatever_the_file()
    {
        Write("a.jsonl", "{\"a\":1}\n{\"a\":2}\n");
        Write("b.jsonl", "{\"a\":2}\n{\"a\":3}\n");
        var result = Run(new PlainFormat(), _folder);

        Assert.Equal(3, result.Calls);
        Assert.Equal(1, result.LeftOut[LeftOut.Duplicate]);
    }

    [Fact]
    public void Folders_patterns_and_names_find_each_file_once()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));
        Write("a.jsonl", "{\"a\":1}\n");
        Write("sub/b.jsonl.gz", "{\"a\":2}\n");
        Write("sub/picture.png", "{\"a\":3}\n");

        Assert.Equal(2, Run(new PlainFormat(), _folder, Path.Combine(_folder, "a.jsonl")).Files.Count);
        Assert.Single(Run(new PlainFormat(), Path.Combine(_folder, "*.jsonl")).Files);
        Assert.Equal(2, Run(new PlainFormat(), Path.Combine(_folder, "**", "*.jsonl*")).Files.Count);
        Assert.Throws<FileNotFoundException>(() => Run(new PlainFormat(), Path.Combine(_folder, "*.csv")));
        Assert.Throws<FileNotFoundException>(() => Run(new PlainFormat(), Path.Combine(_folder, "missing")));
    }

    [Fact]
    public void Standard_input_is_read()
    {
        var format = new PlainFormat();
        LogImport.Run(new LogImportOptions { Paths = ["-"], StandardInput = new MemoryStream("{\"a\":1}\n"u8.ToArray()) }, [format], _ => { }, null, default);

        Assert.Single(format.Records);
    }

    [Fact]
    public void A_file_of_no_known_format_says_so_and_one_in_a_folder_is_only_counted()
    {
        Write("empty.json", "");
        Write("blank.json", "\n");
        var named = Run(new Nothing(), Path.Combine(_folder, "blank.json"), Path.Combine(_folder, "empty.json"));
        Assert.Contains("no format that Rung reads", named.Files[0].Problem, StringComparison.Ordinal);
        Assert.Equal("It is empty.", named.Files[1].Problem);
        Assert.True(named.NothingReadable);

        var inFolder = Run(new Nothing(), _folder);
        Assert.Empty(inFolder.Files);
        Assert.Equal(2, inFolder.OtherFiles);
    }

    [Fact]
    public void Packed_data_that_is_broken_says_so_and_keeps_what_came_before()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.NoCompression, leaveOpen: true))
        {
            for (var i = 0; i < 200_000; i++) gzip.Write(Encoding.UTF8.GetBytes($"{{\"a\":{i}}}\n"));
        }
        var bytes = packed.ToArray();
        for (var i = bytes.Length * 3 / 4; i < bytes.Length; i++) bytes[i] = 0xFF;
        var (format, result) = Read(bytes);

        Assert.NotNull(result.Files[0].Problem);
        Assert.NotEmpty(format.Records);
    }

    [Fact]
    public void Progress_rises_and_ends_at_the_whole()
    {
        var path = Write("a.jsonl", string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{{\"a\":{i},\"filler\":\"{new string('x', 40)}\"}}\n")));
        var seen = new List<ImportProgress>();
        LogImport.Run(new LogImportOptions { Paths = [path] }, [new PlainFormat()], _ => { }, seen.Add, default);

        Assert.True(seen.Count > 3);
        Assert.Equal(seen.OrderBy(step => step.BytesRead).Select(step => step.BytesRead), seen.Select(step => step.BytesRead));
        Assert.Equal((new FileInfo(path).Length, 100_000L), (seen[^1].BytesRead, seen[^1].Calls));
    }

    [Fact]
    public void Any_documents_in_any_layout_come_back_as_they_were() =>
        Prop.ForAll(
            Arb.From(Gen.ListOf(Gen.Elements("{}", "{\"k\":\"a}b\\\"]\"}", "{\"n\":[1,{\"m\":[]}]}", "{\"data\":1}", "{\"x\":\"\\\\\"}", "{\"long\":\"" + new string('y', 5000) + "\"}"))),
            Arb.From(Gen.Elements("lines", "array", "spaced", "joined")),
            (documents, layout) =>
            {
                var list = documents.ToArray();
                var text = layout switch
                {
                    "lines" => string.Join('\n', list),
                    "array" => "[" + string.Join(',', list) + "]",
                    "spaced" => "[\n" + string.Join(" ,\n ", list) + "\n]",
                    _ => string.Concat(list),
                };
                return Read(Encoding.UTF8.GetBytes(text)).Format.Records.SequenceEqual(list);
            }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("{\n")]
    [InlineData("{\n\n")]
    [InlineData("{\n  \"object\": \"list\",\n  \"data\"")]
    [InlineData("[\n")]
    [InlineData("\n\n")]
    public void A_file_that_ends_inside_its_first_value_is_read_to_its_end(string text)
    {
        var (format, _) = Read(Encoding.UTF8.GetBytes(text));

        Assert.Empty(format.Records);
    }

    [Fact]
    public void Whatever_the_bytes_reading_ends_and_only_says_what_is_wrong() =>
        Prop.ForAll<byte[]>(bytes =>
        {
            Read(bytes);
            Read([(byte)'{', .. bytes]);
            Read([(byte)'[', .. bytes]);
            Read([0x0A, .. bytes]);
        }).QuickCheckThrowOnFailure();

    private (PlainFormat Format, LogImportResult Result) Read(byte[] bytes)
    {
        var format = new PlainFormat();
        var path = Path.Combine(_folder, $"{Guid.NewGuid():n}.log");
        File.WriteAllBytes(path, bytes);
        return (format, Run(format, path));
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static LogImportResult Run(ILogFormat format, params string[] paths) =>
        LogImport.Run(new LogImportOptions { Paths = paths }, [format, new Nothing()], _ => { }, null, default);

    private sealed class Nothing : ILogFormat
    {
        public string Name => "nothing";
        public string Title => "nothing";
        public bool Recognises(in LogSample sample) => false;
        public ILogReader CreateReader(ImportContext context) => throw new NotSupportedException();
    }
}
