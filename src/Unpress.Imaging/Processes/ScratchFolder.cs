namespace Unpress.Imaging.Processes;

/// <summary>A new folder of its own under the system's temporary one, gone with all in it when disposed.</summary>
public sealed class ScratchFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("unpress-").FullName;

    public ScratchFolder() => Leftovers.AddFolder(_path);

    public string Combine(string name) => Path.Combine(_path, name);

    public void Dispose()
    {
        Directory.Delete(_path, recursive: true);
        Leftovers.Forget(_path);
    }
}
