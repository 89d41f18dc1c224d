using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Rung.Core.Checks;
using Rung.Core.Spans;
using Rung.Gateway.Inquiries;
using Rung.Gateway.Tests.Support;

namespace Rung.Gateway.Tests.Inquiries;

/// <summary>Programs that check answers: real ones, with real limits.</summary>
public sealed class CommandTests : IDisposable
{
    private const string Python = "/usr/bin/python3";

    private readonly CommandRunner runner = new(new CommandFence(FenceStrength.Alone), TimeProvider.System, NullLogger<CommandRunner>.Instance);

    public void Dispose() => runner.Dispose();

    private static AllowedCommand Command(string program, params string[] arguments) => new() { Name = "test", Program = program, Arguments = [.. arguments], TimeLimit = TimeSpan.FromSeconds(10) };

    private Task<Finding> Run(AllowedCommand command, string answer = "the answer", CancellationToken cancellationToken = default) =>
        runner.RunAsync(command, new Answer { Content = Encoding.UTF8.GetBytes(answer) }, TimeSpan.FromSeconds(30), cancellationToken);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Each_fence_limits_what_it_can_and_ends_what_it_started(int strongest)
    {
        if (!IsThere(Python)) return;
        var fence = new CommandFence((FenceStrength)strongest);
        using var weak = new CommandRunner(fence, TimeProvider.System, NullLogger<CommandRunner>.Instance);
        var mark = $"mark{Guid.NewGuid():N}";
        var answer = new Answer { Content = "x"u8.ToArray() };
        const string Script = "import os, time\nfor i in range(3): os.fork()\ntime.sleep(600)";

        var late = await weak.RunAsync(Command(Python, "-c", Script, mark) with { TimeLimit = TimeSpan.FromSeconds(1) }, answer, TimeSpan.FromSeconds(30), CancellationToken.None);
        var large = await weak.RunAsync(Command(Python, "-c", "x = bytearray(900 * 1024 * 1024)"), answer, TimeSpan.FromSeconds(30), CancellationToken.None);

        Assert.True(await fence.StrengthAsync() <= (FenceStrength)strongest);
        Assert.Equal("It ran longer than 1 s.", late.Detail);
        Assert.True(SpinWait.SpinUntil(() => !Runs(mark), TimeSpan.FromSeconds(5)));
        Assert.Contains("MemoryError", large.Detail);
    }

    [Fact]
    public async Task Nothing_runs_without_limits()
    {
        using var none = new CommandRunner(new CommandFence(FenceStrength.None), TimeProvider.System, NullLogger<CommandRunner>.Instance);

        var finding = await none.RunAsync(Command("/bin/true"), new Answer { Content = default }, TimeSpan.FromSeconds(30), CancellationToken.None);

        Assert.Contains("prlimit", finding.Unavailable);
    }

    private static bool IsThere(string program)
    {
        if (OperatingSystem.IsLinux() && File.Exists("/usr/bin/prlimit") && File.Exists(program)) return true;
        Assert.True(true, $"Skipped: prlimit or {program} is not here.");
        return false;
    }

    /// <summary>Whether a process runs whose command line says something.</summary>
    private static bool Runs(string mark) => Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Any(folder =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(mark, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    });

    [Theory]
    [InlineData("/bin/true", 1.0, null)]
    [InlineData("/bin/false", 0.0, "It ended with exit code 1")]
    public async Task The_exit_code_is_the_verdict(string program, double score, string? detail)
    {
        if (!IsThere(program)) return;

        var finding = await Run(Command(program));

        Assert.Equal((score, detail, null), (finding.Score, finding.Detail, finding.Unavailable));
    }

    [Fact]
    public async Task It_gets_the_answer_as_a_file_and_on_its_input_where_the_policy_says_so()
    {
        if (!IsThere("/usr/bin/cmp")) return;

        Assert.Equal(1, (await Run(Command("/usr/bin/cmp", "{file}", "-") with { Stdin = true }, "line\nGröße")).Score);
        Assert.Equal(0, (await Run(Command("/usr/bin/cmp", "{file}", "-"), "line")).Score); // Its input is empty.
    }

    [Fact]
    public async Task Its_environment_is_bare_and_its_folder_its_own_and_gone_afterwards()
    {
        if (!IsThere(Python)) return;
        const string Script = """
            import os, sys
            seen = {k: v for k, v in os.environ.items() if k not in ("LC_CTYPE", "PWD", "SHLVL", "_")}
            ok = sorted(seen) == ["HOME", "LANG", "PATH", "TMPDIR"] and seen["HOME"] == os.getcwd() and os.listdir(".") == ["answer.txt"]
            open("left.txt", "w").write("x"); os.makedirs("deep/er")
            sys.stderr.write(os.getcwd() + ("" if ok else " " + str(seen)))
            sys.exit(3)
            """;

        var finding = await Run(Command(Python, "-c", Script));

        var said = finding.Detail!["It ended with exit code 3: ".Length..];
        Assert.DoesNotContain("{", said);
        Assert.Contains("rung-command-", said);
        Assert.False(Directory.Exists(said));
    }

    [Theory]
    [InlineData("for i in range(1200): os.mkdir('d' * 8); os.chdir('d' * 8)")] // Deeper than a path can be long.
    [InlineData("os.makedirs('a/b'); open('a/b/c', 'w'); os.chmod('a/b', 0); os.chmod('a', 0); os.chmod('.', 0o500)")]
    [InlineData("import shutil; shutil.rmtree(os.getcwd())")]
    [InlineData("os.symlink('/', 'root'); os.symlink('.', 'loop')")]
    public async Task Whatever_it_leaves_in_its_folder_the_verdict_stands_and_the_folder_goes(string leave)
    {
        if (!IsThere(Python)) return;

        var finding = await Run(Command(Python, "-c", $"import os, sys\nsys.stderr.write(os.getcwd())\n{leave}\nsys.exit(3)"));

        Assert.StartsWith("It ended with exit code 3: ", finding.Detail);
        Assert.False(Directory.Exists(finding.Detail!["It ended with exit code 3: ".Length..]));
    }

    [Fact]
    public async Task Where_it_sees_no_other_process_it_cannot_look_behind_that_either()
    {
        if (!IsThere("/bin/umount") || await new CommandFence(FenceStrength.Alone).StrengthAsync() != FenceStrength.Alone) return;

        Assert.Equal(0, (await Run(Command("/bin/umount", "/proc"))).Score); // As root in its namespace it could.
    }

    [Fact]
    public async Task A_program_that_does_not_end_is_ended_with_all_that_it_started()
    {
        if (!IsThere(Python)) return;
        var mark = $"mark{Guid.NewGuid():N}";
        const string Script = """
            import os, sys, time
            for i in range(3):
                if os.fork() == 0:
                    os.setsid()                       # It leaves the process group,
                    if os.fork() > 0: os._exit(0)     # and its parent leaves it.
                    os.closerange(0, 3)
                    time.sleep(600)
            time.sleep(600)
            """;
        var watch = Stopwatch.StartNew();

        var finding = await Run(Command(Python, "-c", Script, mark) with { TimeLimit = TimeSpan.FromSeconds(1) });

        Assert.Equal((0.0, "It ran longer than 1 s."), (finding.Score, finding.Detail));
        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(8));
        if (await new CommandFence(FenceStrength.Alone).StrengthAsync() > FenceStrength.Limits) Assert.False(Runs(mark)); // Without namespaces daemons may stay: docs/policy says so.
    }

    [Fact]
    public async Task A_flood_of_output_is_dropped_and_does_not_hold_it_up()
    {
        if (!IsThere("/usr/bin/head")) return;

        var finding = await Run(Command("/usr/bin/head", "-c", "50000000", "/dev/zero") with { OutputBytes = 1000 });

        Assert.Equal(1, finding.Score);
    }

    [Fact]
    public async Task Memory_and_files_are_limited()
    {
        if (!IsThere(Python)) return;

        var memory = await Run(Command(Python, "-c", "x = bytearray(900 * 1024 * 1024)") with { MemoryBytes = 300L * 1024 * 1024 });
        var file = await Run(Command(Python, "-c", "open('big', 'wb').write(b'x' * 200_000)") with { OutputBytes = 100_000 });

        Assert.Contains("MemoryError", memory.Detail);
        Assert.Equal(0, file.Score);
    }

    [Fact]
    public async Task Where_namespaces_are_permitted_there_is_no_network_and_no_sight_of_other_processes()
    {
        if (!IsThere(Python) || await new CommandFence(FenceStrength.Alone).StrengthAsync() != FenceStrength.Alone) return;
        const string Script = """
            import os, socket, sys
            others = [p for p in os.listdir("/proc") if p.isdigit() and int(p) != os.getpid()]
            try:
                socket.create_connection(("127.0.0.1", int(sys.argv[1])), 2)
                sys.exit("connected")
            except OSError as e:
                sys.exit(str(others) if others else 0)
            """;
        await using var server = await FakeUpstream.StartAsync(Does.Answer("x"));

        var finding = await Run(Command(Python, "-c", Script, new Uri(server.Url).Port.ToString()));

        Assert.Equal((1.0, null), (finding.Score, finding.Detail));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_unavailable() =>
        Assert.NotNull((await Run(Command("/no/such/program"))).Unavailable);

    [Fact]
    public async Task Only_so_many_run_at_once_and_only_so_many_wait()
    {
        if (!IsThere("/bin/sleep")) return;
        var sleep = Command("/bin/sleep", "1");
        await Run(Command("/bin/true")); // How strong the fence is has then been tried: all of the following come at one moment.

        var findings = await Task.WhenAll(Enumerable.Range(0, CommandRunner.MostAtOnce + CommandRunner.MostWaiting + 5).Select(_ => Run(sleep)));

        Assert.Equal(5, findings.Count(finding => finding.Unavailable == "too many commands run already"));
        Assert.Equal(CommandRunner.MostAtOnce + CommandRunner.MostWaiting, findings.Count(finding => finding.Score == 1));
    }

    [Fact]
    public async Task A_client_that_leaves_ends_it()
    {
        if (!IsThere("/bin/sleep")) return;
        var mark = $"6{Random.Shared.Next(100_000, 999_999)}";
        using var leaving = new CancellationTokenSource();

        var run = Run(Command("/bin/sleep", mark), cancellationToken: leaving.Token);
        while (!Runs(mark)) await Task.Delay(5);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(Runs(mark));
    }

    [Fact]
    public async Task No_process_and_no_folder_is_left_behind()
    {
        if (!IsThere("/bin/true")) return;
        var before = Directory.GetDirectories(Path.GetTempPath(), "rung-command-*");
        for (var i = 0; i < 5; i++) await Run(Command(i % 2 == 0 ? "/bin/true" : "/bin/false"));

        var own = Environment.ProcessId;
        var children = Directory.GetDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Where(folder => IsZombieOf(folder, own)).ToArray();

        Assert.Empty(children);
        Assert.All(Directory.GetDirectories(Path.GetTempPath(), "rung-command-*").Except(before), folder => Assert.True(IsBusy(folder), folder));
    }

    /// <summary>Other tests run at the same time: a folder that goes by itself was theirs.</summary>
    private static bool IsBusy(string folder) => SpinWait.SpinUntil(() => !Directory.Exists(folder), TimeSpan.FromSeconds(15));

    private static bool IsZombieOf(string folder, int parent)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] == "Z" && fields[1] == parent.ToString();
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public async Task A_policy_names_what_may_run_and_the_check_passes_or_climbs_by_it()
    {
        if (!IsThere(Python)) return;
        await using var small = await FakeUpstream.StartAsync(Does.InTurn(Does.Answer("print('fine')"), Does.Answer("print('broken'")));
        await using var big = await FakeUpstream.StartAsync(Does.Answer("print('from above')"));
        await using var gateway = await TestGateway.StartAsync(TestGateway.Compile(Yaml.Ladder(
            "checks: [ { command: compile } ], escalate: { to: big }",
            """commands: { compile: { run: ["/usr/bin/python3", "-m", "py_compile", "{file}"], file: answer.py, seconds: 20 } }""",
            ("small", "a", small.Url), ("big", "b", big.Url))));

        var good = await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));
        var bad = await gateway.PostAsync(Ask.Plain, ("x-rung-tag", "job"));

        Assert.Equal(("a", "b"), (good.Header("x-rung-model"), bad.Header("x-rung-model")));
        var calls = await gateway.CallsAsync(2);
        Assert.Single(calls[0].Attempts); // A command is no attempt.
        Assert.Contains("SyntaxError", calls[1].Attempts[0].Checks[0].Detail);
        Assert.Equal(CallStatus.Answered, calls[1].Status);
    }
}
