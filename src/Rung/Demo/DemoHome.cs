namespace Rung.Demo;

/// <summary>A data directory of its own for one demo. It goes when the demo ends, unless it is kept.</summary>
internal sealed class DemoHome : IDisposable
{
    private readonly bool _keep;

    /// <summary>Makes the directory.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="keep">Whether it stays.</param>
    /// <exception cref="IOException">It cannot be made.</exception>
    public DemoHome(string folder, bool keep)
    {
        _keep = keep;
        Path = System.IO.Path.Combine(folder, $"rung-demo-{Guid.CreateVersion7():N}");
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(Path);
        else Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    public void Dispose()
    {
        if (!_keep) Directory.Delete(Path, recursive: true);
    }
}
