using Rung.Demo;

namespace Rung.Tests.Demo;

/// <summary>A folder for the data directories of demos, gone when the test ends.</summary>
internal sealed class DemoFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("rung-demo-tests-");

    public string Path => _folder.FullName;

    public bool IsEmpty => !_folder.EnumerateFileSystemInfos().Any();

    /// <summary>A demo of exactly so many sessions, with hardly any waits.</summary>
    public DemoOptions Sessions(int sessions) => new() { Folder = Path, Sessions = sessions, TimeScale = 1000 };

    public static Task<DemoReport> RunAsync(DemoOptions options) => new DemoRun(options, new Progress<DemoMoment>(), TimeProvider.System).RunAsync(CancellationToken.None);

    public void Dispose() => _folder.Delete(recursive: true);
}
