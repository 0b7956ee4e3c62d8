using System.Diagnostics;

namespace Unpress.Imaging;

/// <summary>Which picture libraries are loaded, from where, and what they can do: for reports on the state of an installation.</summary>
/// <param name="Bridge">Path of our own native library.</param>
/// <param name="Libraries">libvips, libjpeg and libwebp.</param>
/// <param name="Readers">Formats that this machine can open, by their short names.</param>
/// <param name="Writers">Formats that this machine can save, by their short names.</param>
public sealed unsafe record ImagingInfo(
    string Bridge, IReadOnlyList<NativeLibraryInfo> Libraries, IReadOnlyList<string> Readers, IReadOnlyList<string> Writers)
{
    /// <summary>Loads the libraries if need be and asks them.</summary>
    /// <exception cref="DllNotFoundException">The native library is not there or one that it needs is missing.</exception>
    public static ImagingInfo Read()
    {
        byte* vips, jpeg, webp, readers, writers;
        Native.Check(Native.image_vips_version(&vips));
        Native.Check(Native.image_jpeg_version(&jpeg));
        Native.Check(Native.image_webp_version(&webp));
        Native.Check(Native.image_formats(&readers, &writers));
        return new ImagingInfo(
            LoadedPath(Native.Library),
            [
                new NativeLibraryInfo("libvips", Native.Text(vips), LoadedPath("libvips.so", "libvips.42", "libvips-42")),
                new NativeLibraryInfo("libjpeg", Native.Text(jpeg), LoadedPath("libjpeg")),
                new NativeLibraryInfo("libwebp", Native.Text(webp), LoadedPath("libwebp.so", "libwebp.7", "libwebp-7", "libwebp.dll")),
            ],
            // JPEG has libjpeg; BMP both ways and PNG and PPM out are our own.
            ["jpeg", "bmp", .. Native.Text(readers).Split(' ', StringSplitOptions.RemoveEmptyEntries)],
            ["jpeg", "png", "ppm", "bmp", "webp", .. Native.Text(writers).Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
    }

    /// <summary>The file of the loaded module whose name contains one of the words.</summary>
    private static string LoadedPath(params string[] words)
    {
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            if (words.Any(word => module.ModuleName.Contains(word, StringComparison.OrdinalIgnoreCase)))
                return module.FileName;
        }
        return "unknown";
    }
}
