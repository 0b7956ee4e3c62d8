using System.Text.Json;
using Unpress.Imaging.Formats;

namespace Unpress.Imaging.Codecs;

/// <summary>Versions of the libraries linked into the package's libvips, which has no functions that tell them: the package lists them.</summary>
internal static class LibraryVersion
{
    private const string Unknown = "of unknown version";

    private static readonly Lazy<Dictionary<string, string>> Packaged = new(Read);

    /// <param name="part">As the list calls it: webp, aom, heif.</param>
    /// <returns>"of unknown version" where another libvips was put into the package's place.</returns>
    /// <exception cref="DllNotFoundException">There is no libvips.</exception>
    public static string Of(string part) =>
        Packaged.Value.GetValueOrDefault("vips") == VipsSession.Version ? Packaged.Value.GetValueOrDefault(part, Unknown) : Unknown;

    private static Dictionary<string, string> Read()
    {
        using Stream list = typeof(LibraryVersion).Assembly.GetManifestResourceStream("libvips.versions.json")!;
        using var parsed = JsonDocument.Parse(list);
        return parsed.RootElement.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString() ?? "");
    }
}
