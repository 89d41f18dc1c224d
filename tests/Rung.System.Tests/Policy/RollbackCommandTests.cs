using Rung.Commands;

namespace Rung.Tests.Policy;

public sealed class RollbackCommandTests : IDisposable
{
    private readonly PolicyFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_revision_comes_back_with_its_files_and_stands_in_the_history()
    {
        await _folder.PublishThreeAsync();

        var printed = await RollbackAsync("1", "--yes");

        Assert.Equal(ExitCode.Ok, printed.Code);
        Assert.Equal((PolicyFolder.Start, PolicyFolder.LabelSchema), (_folder.Read("rung.yaml"), _folder.Read("schemas/label.json")));
        Assert.Contains("label: check removed (schema schemas/label.json", printed.Output, StringComparison.Ordinal);
        var revisions = await _folder.RevisionsAsync();
        Assert.Equal((4L, "rollback to 1", revisions[3].Hash), (revisions[0].Number, revisions[0].Reason, revisions[0].Hash));
        Assert.Equal(["rung.yaml", "schemas"], NamesIn("")); // No copies, no halves: what was there is revision 3.
        Assert.Equal(["label.json"], NamesIn("schemas"));
    }

    [Fact]
    public async Task Where_nobody_can_be_asked_it_shows_the_changes_and_writes_nothing()
    {
        await _folder.PublishThreeAsync();
        var schema = _folder.Read("schemas/label.json");

        var unasked = await RollbackAsync("2");
        var declined = await _folder.RunAsync(new StringReader("n\n"), "rollback", "2", "--policy", _folder.At("rung.yaml"), "--data", _folder.Data);
        var silent = await _folder.RunAsync(new StringReader(""), "rollback", "2", "--policy", _folder.At("rung.yaml"), "--data", _folder.Data);

        Assert.Equal((ExitCode.Usage, ExitCode.Faults, ExitCode.Faults), (unasked.Code, declined.Code, silent.Code));
        Assert.Contains("~ label: small → large", unasked.Output, StringComparison.Ordinal);
        Assert.Contains("--yes", unasked.Error, StringComparison.Ordinal);
        Assert.Equal((PolicyFolder.Start, schema), (_folder.Read("rung.yaml"), _folder.Read("schemas/label.json")));
        Assert.Equal(3, (await _folder.RevisionsAsync()).Count);
    }

    [Fact]
    public async Task A_person_who_says_yes_is_enough()
    {
        await _folder.PublishThreeAsync();

        var printed = await _folder.RunAsync(new StringReader("y\n"), "rollback", "2", "--policy", _folder.At("rung.yaml"), "--data", _folder.Data);

        Assert.Equal(ExitCode.Ok, printed.Code);
        Assert.Contains("tier: large\n", _folder.Read("rung.yaml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version: 1\n# half an edit")]
    [InlineData(PolicyFolder.Start + "# sound, and never served\n")]
    public async Task Edits_that_no_revision_holds_are_kept_in_a_copy(string edited)
    {
        await _folder.PublishThreeAsync();
        _folder.Write("rung.yaml", edited);
        _folder.Write("rung.yaml.before-rollback", "an older copy");

        var printed = await RollbackAsync("3", "--yes");

        Assert.Equal(ExitCode.Ok, printed.Code);
        Assert.Equal((PolicyFolder.Start, edited, "an older copy"), (_folder.Read("rung.yaml"), _folder.Read("rung.yaml.before-rollback-2"), _folder.Read("rung.yaml.before-rollback")));
        Assert.Equal(3, (await _folder.RevisionsAsync()).Count); // It was the newest already: nothing new to record.
    }

    [Fact]
    public async Task A_deleted_policy_file_comes_back()
    {
        await _folder.PublishThreeAsync();
        File.Delete(_folder.At("rung.yaml"));
        Directory.Delete(_folder.At("schemas"), recursive: true);

        Assert.Equal(ExitCode.Ok, (await RollbackAsync("1", "--yes")).Code);
        Assert.Equal((PolicyFolder.Start, PolicyFolder.LabelSchema), (_folder.Read("rung.yaml"), _folder.Read("schemas/label.json")));
    }

    [Fact]
    public async Task What_is_in_force_already_is_left_alone()
    {
        await _folder.PublishThreeAsync();

        var printed = await RollbackAsync("3");

        Assert.Equal((ExitCode.Ok, ""), (printed.Code, printed.Output));
        Assert.Contains("there is nothing to do", string.Join(' ', printed.Error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal(3, (await _folder.RevisionsAsync()).Count);
    }

    [Fact]
    public async Task A_revision_whose_files_are_not_stored_is_refused()
    {
        _folder.WriteStart();
        await _folder.PublishAsync(new string('c', 64), PolicyFolder.Start, new Dictionary<string, ReadOnlyMemory<byte>>(), "incomplete");

        var printed = await RollbackAsync("1", "--yes");

        Assert.Equal(ExitCode.Faults, printed.Code);
        Assert.Contains("The file \"schemas/label.json\" was not found.", printed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revision_that_no_longer_compiles_is_refused_with_its_faults()
    {
        await _folder.PublishThreeAsync();
        await _folder.PublishAsync(new string('a', 64), "version: 9\n", new Dictionary<string, ReadOnlyMemory<byte>>(), "from the future");

        var printed = await RollbackAsync("4", "--yes");

        Assert.Equal(ExitCode.Faults, printed.Code);
        Assert.Contains("revision 4:1:10: error: version: 9 is out of range.", printed.Error, StringComparison.Ordinal);
        Assert.Equal((PolicyFolder.Start, 4), (_folder.Read("rung.yaml"), (await _folder.RevisionsAsync()).Count));
    }

    [Theory]
    [InlineData("../evil.json")]
    [InlineData("/tmp/rung-evil.json")]
    [InlineData("schemas/../../evil.json")]
    public async Task A_file_outside_the_folder_of_the_policy_is_never_written(string name)
    {
        _folder.Write("in/schemas/label.json", PolicyFolder.LabelSchema);
        var policy = _folder.Write("in/rung.yaml", "version: 1");
        var files = new Dictionary<string, ReadOnlyMemory<byte>> { [name] = "{}"u8.ToArray(), ["schemas/label.json"] = "{}"u8.ToArray() };
        await _folder.PublishAsync(new string('b', 64), PolicyFolder.Start, files, "not by us");

        var printed = await _folder.RunAsync("rollback", "1", "--policy", policy, "--data", _folder.Data, "--yes");

        Assert.Equal(ExitCode.Usage, printed.Code);
        Assert.Contains("lies outside the policy's folder", printed.Error, StringComparison.Ordinal);
        Assert.Equal(("version: 1", PolicyFolder.LabelSchema), (_folder.Read("in/rung.yaml"), _folder.Read("in/schemas/label.json")));
        Assert.False(File.Exists(_folder.At("evil.json")) || File.Exists("/tmp/rung-evil.json"));
    }

    [Fact]
    public async Task A_link_to_the_policy_stays_a_link_and_a_linked_folder_is_not_written_through()
    {
        await _folder.PublishThreeAsync();
        Directory.CreateDirectory(_folder.At("elsewhere"));
        File.Move(_folder.At("rung.yaml"), _folder.At("elsewhere/real.yaml"));
        File.CreateSymbolicLink(_folder.At("rung.yaml"), _folder.At("elsewhere/real.yaml"));

        Assert.Equal(ExitCode.Ok, (await RollbackAsync("2", "--yes")).Code);
        Assert.NotNull(new FileInfo(_folder.At("rung.yaml")).LinkTarget);
        Assert.Contains("tier: large\n", _folder.Read("elsewhere/real.yaml"), StringComparison.Ordinal);

        Directory.Move(_folder.At("schemas"), _folder.At("elsewhere/schemas"));
        Directory.CreateSymbolicLink(_folder.At("schemas"), _folder.At("elsewhere/schemas"));
        var refused = await RollbackAsync("3", "--yes");
        Assert.Equal(ExitCode.Usage, refused.Code);
        Assert.Contains("schemas is a link", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_place_that_cannot_be_written_leaves_file_and_history_as_they_were()
    {
        await _folder.PublishThreeAsync();
        File.Delete(_folder.At("schemas/label.json"));
        Directory.CreateDirectory(_folder.At("schemas/label.json"));

        var printed = await RollbackAsync("2", "--yes");

        Assert.Equal(ExitCode.Usage, printed.Code);
        Assert.Contains("schemas/label.json is a folder", printed.Error, StringComparison.Ordinal);
        Assert.Equal((PolicyFolder.Start, 3), (_folder.Read("rung.yaml"), (await _folder.RevisionsAsync()).Count));
    }

    private Task<Printed> RollbackAsync(params string[] args) => _folder.RunAsync(["rollback", .. args, "--policy", _folder.At("rung.yaml"), "--data", _folder.Data]);

    private IEnumerable<string> NamesIn(string folder) =>
        Directory.EnumerateFileSystemEntries(_folder.At(folder)).Select(path => Path.GetFileName(path)!).Where(name => name != ".rung").Order(StringComparer.Ordinal);
}
