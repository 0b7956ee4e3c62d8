using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Colour;

namespace Unpress.Data;

/// <summary>Finds the training files and writes the pack; reading it is <see cref="PackedImages"/>.</summary>
internal static class PackBuilder
{
    /// <summary>Part of the key: raise it when the layout or the way pixels are made changes.</summary>
    public const int Version = 1;

    public const int HeaderBytes = 32;

    // Enough for a mean that is right by some percent.
    private const int LookedAt = 48;

    // PrepareJob's manifest; it lies in the folder above those of the parts.
    private const string PreparedName = "data.json";

    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".ppm", ".pgm", ".bmp", ".jp2"];

    public static ReadOnlySpan<byte> Magic => "UNPRPACK"u8;

    /// <param name="Made">The number of a picture of <see cref="DeadLeaves"/>; null for a file.</param>
    /// <param name="Side">To so many pixels each way the whole picture is brought; null for its own size.</param>
    public sealed record Source(string Path, bool Halve, long Length, long ModifiedTicks, int? Made = null, int? Side = null);

    /// <exception cref="InvalidFileException">A folder is absent, holds no originals, or is not one of training pictures.</exception>
    /// <param name="side">To so many pixels each way whole pictures are brought, whatever their shape; null for their own sizes.</param>
    public static TrainingFiles Find(IEnumerable<TrainingFolder> folders, int? side = null)
    {
        var sources = new List<Source>();
        int copies = 0;
        foreach (var folder in folders)
        {
            if (folder.DeadLeaves is { } count)
            {
                sources.AddRange(Enumerable.Range(0, count).Select(number => new Source($"dead-leaves-{number}", folder.Halve, 0, 0, number, side)));
                continue;
            }

            if (!Directory.Exists(folder.Path))
                throw new InvalidFileException(folder.Path, "no such folder of training pictures");
            if (CompressedCopies.AreIn(folder.Path))
                throw new InvalidFileException(folder.Path,
                    $"holds compressed copies ({CompressedCopies.ManifestName} lists them); a network learns from the originals, name their folder");
            if (File.Exists(Path.Combine(folder.Path, PreparedName)))
                throw new InvalidFileException(folder.Path,
                    $"is a whole prepared set, with its test pictures; name one part of it, such as {Path.Combine(folder.Path, "train")}");
            var found = InputFiles.Originals(folder.Path);
            copies += found.Copies;
            // The order decides what sample i is: never the file system's.
            var files = found.Files.Select(file => new FileInfo(file)).OrderBy(file => file.FullName, StringComparer.Ordinal)
                .Where(file => CanRead(file.Name))
                .Select(file => new Source(file.FullName, folder.Halve, file.Length, file.LastWriteTimeUtc.Ticks, Side: side))
                .ToList();
            if (files.Count == 0)
                throw new InvalidFileException(folder.Path, "holds no pictures (" + string.Join(' ', Extensions) + ")");
            // Spread evenly, since names often go by class or scene.
            long taken = Math.Min(folder.Pictures ?? int.MaxValue, files.Count);
            sources.AddRange(Enumerable.Range(0, (int)taken).Select(i => files[(int)(i * files.Count / taken)]));
        }

        return new TrainingFiles(sources, copies);
    }

    /// <summary>Whether a file is called like a picture that can be packed.</summary>
    public static bool CanRead(string file) => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant());

    /// <summary>16 hexadecimal digits that change with the file list, a size, a time or an option.</summary>
    public static string Key(IReadOnlyList<Source> sources, int minSize)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"pack {Version} min {minSize}\n");
        foreach (var source in sources)
        {
            string side = source.Side is { } pixels ? $"\t{pixels}" : "";
            text.Append(CultureInfo.InvariantCulture, $"{source.Path}\t{source.Length}\t{source.ModifiedTicks}\t{source.Halve}{side}\n");
        }

        return Sha256.Of(Encoding.UTF8.GetBytes(text.ToString()))[..16];
    }

    /// <summary>How many bytes the pixels of all these files take, by some of them.</summary>
    public static long Estimate(IReadOnlyList<Source> sources, Func<string, ImageBuffer> decode)
    {
        int looked = Math.Min(LookedAt, sources.Count);
        double mean = Enumerable.Range(0, looked).Average(i => Prepare(sources[(int)((long)i * sources.Count / looked)], decode)?.Data.Length ?? 0.0);
        return (long)(mean * sources.Count);
    }

    /// <summary>Refuses early what would fill the disk hours later.</summary>
    /// <exception cref="InvalidFileException">There is not enough room.</exception>
    public static void CheckRoom(string folder, int pictures, long needed, long free)
    {
        if (needed < free)
            return;
        throw new InvalidFileException(folder, FormattableString.Invariant(
            $"has {free / 1e9:F1} GB free, and {pictures:N0} training pictures take about {needed / 1e9:F1} GB as pixels; take fewer with 'pictures: N' beside the path in data.folders, or another place with --cache FOLDER"));
    }

    /// <summary>Decodes all files and writes the pack whole or not at all.</summary>
    public static void Build(
        string path,
        IReadOnlyList<Source> sources,
        int minSize,
        Func<string, ImageBuffer> decode,
        IProgress<int>? done,
        CancellationToken cancellation)
    {
        try
        {
            AtomicFile.Write(path, temporary =>
            {
                using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite);
                Write(file, sources, minSize, decode, done, cancellation);
            });
        }
        catch (AggregateException e) when (e.InnerException is InvalidFileException first)
        {
            // Decoding runs in parallel: the first bad file, as it was said.
            throw new InvalidFileException(first.Path, first.Reason, first);
        }
    }

    // Layout, little endian: magic 8, version 4, count 4, offset of the index 8, reserved 8 | pixels | index.
    private static void Write(
        FileStream file,
        IReadOnlyList<Source> sources,
        int minSize,
        Func<string, ImageBuffer> decode,
        IProgress<int>? done,
        CancellationToken cancellation)
    {
        file.Position = HeaderBytes;
        var index = new List<PackedImage>();
        var decoded = sources.AsParallel().AsOrdered().WithCancellation(cancellation)
            .WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(source => (source, Prepare(source, decode)));
        int seen = 0;
        foreach (var (source, image) in decoded)
        {
            if (image is not null && Math.Min(image.Width, image.Height) >= minSize)
            {
                ulong hash = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(image.Data));
                index.Add(new PackedImage(source.Path, image.Width, image.Height, image.Bands, file.Position, hash));
                file.Write(image.Data);
            }

            done?.Report(++seen);
        }

        if (index.Count == 0)
            throw new InvalidFileException(sources[0].Path, $"none of {sources.Count} training pictures is gray or RGB and has {minSize} pixels each way");
        long indexOffset = file.Position;
        using var writer = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true);
        foreach (var image in index)
        {
            writer.Write(image.Path);
            writer.Write(image.Width);
            writer.Write(image.Height);
            writer.Write(image.Bands);
            writer.Write(image.Offset);
            writer.Write(image.Hash);
        }

        file.Position = 0;
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(index.Count);
        writer.Write(indexOffset);
        writer.Write(0L);
    }

    private static ImageBuffer? Prepare(Source source, Func<string, ImageBuffer> decode)
    {
        var image = source.Made is { } number ? DeadLeaves.Picture(number) : ToEightBit(decode(source.Path));
        if (image is null)
            return null;
        if (source.Halve && Math.Min(image.Width, image.Height) >= 2)
            image = Half(image);
        return source.Side is { } side
            ? new ImageBuffer(
                side, side, image.Model, data: Resampler.Resize(image.Data, image.Width, image.Height, image.Bands, side, side, ResamplingKernel.Bilinear))
            : image;
    }

    private static ImageBuffer Half(ImageBuffer image)
    {
        // An odd last row or column is left out, so that each new pixel lies in the middle of four old ones.
        int width = image.Width / 2, height = image.Height / 2;
        byte[] even = [.. Enumerable.Range(0, 2 * height).SelectMany(
            y => image.Data.AsSpan(y * image.Width * image.Bands, 2 * width * image.Bands).ToArray())];
        byte[] half = Resampler.Resize(even, 2 * width, 2 * height, image.Bands, width, height, ResamplingKernel.Lanczos);
        return new ImageBuffer(width, height, image.Model, data: half);
    }

    // Gray or RGB, 8 bit, no alpha: what the networks train on. A picture of CMYK is left out: large sets have a few, with colours that nobody can vouch for.
    private static ImageBuffer? ToEightBit(ImageBuffer image) => image.Model == ColourModel.Cmyk ? null : PixelConversion.ToEightBitColour(image);
}

/// <summary>What the folders of a recipe hold.</summary>
/// <param name="Sources">The originals, in the order of the samples.</param>
/// <param name="Copies">Compressed copies that were passed over.</param>
internal sealed record TrainingFiles(IReadOnlyList<PackBuilder.Source> Sources, int Copies);

/// <summary>A source of training pictures: a folder with its sub-folders, or pictures that are made.</summary>
public sealed record TrainingFolder
{
    /// <summary>The folder; empty where pictures are made.</summary>
    public string Path { get; init; } = "";

    /// <summary>So many pictures of <see cref="Data.DeadLeaves"/> instead of a folder; left out: none.</summary>
    public int? DeadLeaves { get; init; }

    /// <summary>At most so many of the folder's pictures, evenly spread over it; left out: all. For sets that are larger than the disk.</summary>
    public int? Pictures { get; init; }

    /// <summary>
    /// Folder with copies of these pictures, compressed as a whole; {setting} in it is each setting of the degradation, {codec} its codec.
    /// Patches are then cut from the pairs instead of being compressed one by one. Left out: none.
    /// </summary>
    public string? Copies { get; init; }

    /// <summary>
    /// Store the pictures at half size. For folders whose files were themselves compressed: what the network shall learn to give
    /// back must not contain the damage it shall learn to remove.
    /// </summary>
    public bool Halve { get; init; }
}
