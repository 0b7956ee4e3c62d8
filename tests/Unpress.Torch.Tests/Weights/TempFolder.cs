namespace Unpress.Torch.Tests.Weights;

/// <summary>An empty folder that is gone after the test.</summary>
public sealed class TempFolder : IDisposable
{
    // In memory where the system offers it: some tests here write thirty thousand files.
    private static readonly string Parent = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private readonly string _path = Directory.CreateDirectory(Path.Combine(Parent, $"unpress-test-{Guid.NewGuid():N}")).FullName;

    public string this[string name] => Path.Combine(_path, name);

    public string[] Names => [.. Directory.EnumerateFiles(_path).Select(file => Path.GetFileName(file)!)];

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
