using Unpress.Imaging;
using Unpress.Imaging.Codecs;

namespace Unpress.Tests.Evaluation;

/// <summary>A folder of small picture files that goes away after the test.</summary>
internal sealed class PictureFiles : IDisposable
{
    public string Folder { get; } = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    /// <summary>Writes a JPEG below the folder and returns its path.</summary>
    public string Add(string name, ImageBuffer image, int quality = 95)
    {
        string path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, JpegCodec.Instance.Encode(image, new CodecSettings(quality)).Bytes);
        return path;
    }

    public string AddText(string name, string text)
    {
        string path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
