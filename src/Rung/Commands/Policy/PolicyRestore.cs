using System.Text;
using Rung.Storage.Revisions;

namespace Rung.Commands.Policy;

/// <summary>
/// Writes a stored revision back to disk: the policy file and the files that it includes. Everything is checked and staged before anything is
/// replaced, every file is replaced by one rename, and the policy file comes last, so that it never names a file that is not there yet.
/// </summary>
internal sealed class PolicyRestore
{
    private readonly List<StagedFile> files;

    private PolicyRestore(string policyPath, List<StagedFile> files)
    {
        PolicyPath = policyPath;
        this.files = files;
    }

    /// <summary>The file that is written: what a link points to, so that the link stays.</summary>
    public string PolicyPath { get; }

    /// <summary>Paths of the files whose content will change.</summary>
    public IEnumerable<string> Paths => files.Select(file => file.Path);

    /// <summary>Whether everything on disk is as the revision has it already.</summary>
    public bool IsEmpty => files.Count == 0;

    /// <summary>Finds out what must be written. Writes nothing.</summary>
    /// <exception cref="PolicyUnusableException">A file would lie outside the policy's folder, or behind a link.</exception>
    public static PolicyRestore Plan(string policyPath, PolicyRevision revision)
    {
        if (Directory.Exists(policyPath)) throw new PolicyUnusableException($"{policyPath} is a folder.", "Name the policy file in it.");
        var path = new FileInfo(policyPath).LinkTarget is null ? Path.GetFullPath(policyPath) : File.ResolveLinkTarget(policyPath, returnFinalTarget: true)!.FullName;
        // What the policy includes lies beside the file as it was named, which is where it is read from.
        var folder = Path.GetDirectoryName(Path.GetFullPath(policyPath))!;
        if (!Directory.Exists(folder)) throw new PolicyUnusableException($"There is no folder {folder}.", "Make it first, or name another file with --policy.");

        var files = new List<StagedFile>();
        foreach (var (name, bytes) in revision.Files) Add(Inside(folder, name), bytes);
        Add(path, Encoding.UTF8.GetBytes(revision.Text));
        return new PolicyRestore(path, files);

        void Add(string target, ReadOnlyMemory<byte> bytes)
        {
            if (Directory.Exists(target)) throw new PolicyUnusableException($"{target} is a folder, and the revision has a file there.", "Move the folder away.");
            if (!File.Exists(target) || !bytes.Span.SequenceEqual(File.ReadAllBytes(target))) files.Add(new StagedFile(target, bytes));
        }
    }

    /// <summary>Copies the files that will be replaced to names that are free. Gives the copies.</summary>
    public IReadOnlyList<string> KeepCopies()
    {
        var copies = new List<string>();
        foreach (var path in Paths.Where(File.Exists))
        {
            var copy = $"{path}.before-rollback";
            for (var i = 2; File.Exists(copy); i++) copy = $"{path}.before-rollback-{i}";
            File.Copy(path, copy, overwrite: false);
            copies.Add(copy);
        }
        return copies;
    }

    /// <summary>Stages all files beside their places, runs what must come first, and puts them in place.</summary>
    /// <param name="beforeReplacing">Runs when everything is written and nothing is replaced yet; when it throws, nothing will be.</param>
    public async Task WriteAsync(Func<Task> beforeReplacing)
    {
        try
        {
            foreach (var file in files) file.Stage();
            await beforeReplacing();
            foreach (var file in files) file.Replace();
        }
        finally
        {
            foreach (var file in files) file.Discard();
        }
    }

    private static string Inside(string folder, string name)
    {
        var path = Path.GetFullPath(Path.Combine(folder, name));
        if (!path.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new PolicyUnusableException(
                $"The revision includes '{Lines.Clean(name)}', which lies outside the policy's folder {folder}. Nothing was written.", "Restore it by hand: rung policy show REVISION --files");
        }
        for (var at = path; at.Length > folder.Length; at = Path.GetDirectoryName(at)!)
        {
            if (new FileInfo(at).LinkTarget is not null)
                throw new PolicyUnusableException($"{at} is a link; what lies behind it is not overwritten. Nothing was written.", "Replace the link by a file or folder of its own, or restore by hand: rung policy show REVISION --files");
        }
        return path;
    }

    /// <summary>One file on its way.</summary>
    private sealed class StagedFile(string path, ReadOnlyMemory<byte> bytes)
    {
        private readonly string half = $"{path}.{Environment.ProcessId}.tmp";

        public string Path { get; } = path;

        public void Stage()
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
            using (var stream = new FileStream(half, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                stream.Write(bytes.Span);
                stream.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(Path)) File.SetUnixFileMode(half, File.GetUnixFileMode(Path));
        }

        public void Replace() => File.Move(half, Path, overwrite: true);

        public void Discard() => File.Delete(half); // Nothing to do after Replace.
    }
}
