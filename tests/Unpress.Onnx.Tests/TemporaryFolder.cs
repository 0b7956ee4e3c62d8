namespace Unpress.Onnx.Tests;

/// <summary>A folder that is gone when the test is.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Root, name);

    public string[] Names => [.. Directory.GetFileSystemEntries(Root).Select(path => System.IO.Path.GetFileName(path)).Order()];

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
