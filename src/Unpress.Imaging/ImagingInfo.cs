using System.Diagnostics;
using System.Runtime.InteropServices;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Formats;

namespace Unpress.Imaging;

/// <summary>What reads and writes pictures here, and what it can do: for reports on the state of an installation.</summary>
/// <param name="Vips">libvips.</param>
/// <param name="Parts">The decoders and encoders linked into it, by name and version, such as "mozjpeg 4.1.5".</param>
/// <param name="Readers">Formats that this machine can open, by their short names.</param>
/// <param name="Writers">Formats that this machine can save, by their short names.</param>
/// <param name="Programs">What reads and writes HEIC and JPEG 2000.</param>
public sealed record ImagingInfo(
    NativeLibraryInfo Vips, IReadOnlyList<string> Parts, IReadOnlyList<string> Readers, IReadOnlyList<string> Writers,
        IReadOnlyList<PictureProgramState> Programs)
{
    /// <summary>Loads libvips if need be and asks it.</summary>
    /// <exception cref="DllNotFoundException">It is not there.</exception>
    public static ImagingInfo Read()
    {
        PictureProgramState[] programs =
        [
            new("heif", HeicPrograms.Reader, HeicPrograms.Writer, HeicPrograms.Remedy),
            new("jp2", Jp2Programs.Reader, Jp2Programs.Writer, Jp2Programs.Remedy),
        ];
        string[] own = ["jpeg", "png", "webp", "tiff", "avif", "ppm", "bmp"];
        return new ImagingInfo(
            new NativeLibraryInfo("libvips", VipsSession.Version, LoadedPath("libvips")),
            [.. new[] { "mozjpeg", "png", "webp", "tiff", "heif", "aom" }.Select(part => $"{part} {LibraryVersion.Of(part)}")],
            [.. own, .. programs.Where(program => program.Reader is not null).Select(program => program.Format)],
            [.. own, .. programs.Where(program => program.Writer is not null).Select(program => program.Format)],
            programs);
    }

    /// <summary>The file of the loaded module whose name contains the word.</summary>
    private static string LoadedPath(string word)
    {
        using var process = Process.GetCurrentProcess();
        foreach (ProcessModule module in process.Modules)
        {
            if (module.ModuleName.Contains(word, StringComparison.OrdinalIgnoreCase))
                return module.FileName;
        }
        return "unknown";
    }
}

/// <summary>A native library that has been loaded.</summary>
/// <param name="Name">Its usual name.</param>
/// <param name="Version">As the library, or for libjpeg the header it was built with, states it.</param>
/// <param name="Path">The file it was loaded from.</param>
public sealed record NativeLibraryInfo(string Name, string Version, string Path);

/// <summary>The programs for a format that libvips leaves to them.</summary>
/// <param name="Format">Short name: heif or jp2.</param>
/// <param name="Reader">Path of what reads it; null when nothing is on PATH.</param>
/// <param name="Writer">Path of what writes it; null when nothing is on PATH.</param>
/// <param name="Remedy">How to get them.</param>
public sealed record PictureProgramState(string Format, string? Reader, string? Writer, string Remedy);
