using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Unpress.Imaging;

namespace Unpress.Data;

/// <summary>
/// All training pictures as raw 8-bit pixels in one memory-mapped file, so that a patch costs a copy and not a decode.
/// Built once into a cache folder; the file's name is a hash of the list of files, their sizes and times, and the options.
/// Reading is safe from many threads.
/// </summary>
public sealed unsafe class PackedImages : IDisposable
{
    private readonly PackedImage[] _images;
    private MemoryMappedFile? _file;
    private MemoryMappedViewAccessor? _view;
    private byte* _pixels;

    private PackedImages(string path, bool preload)
    {
        Path = path;
        _images = ReadIndex(path);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pixels);
        if (preload)
            CopyToMemory(new FileInfo(path).Length);
    }

    public string Path { get; }

    public int Count => _images.Length;

    public PackedImage this[int index] => _images[index];

    /// <summary>
    /// 16 hexadecimal digits over every picture's size and pixels, in order. A sample index means the same sample only while this
    /// stays the same, so a checkpoint that stores the index stores this beside it.
    /// </summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>One line: how many pictures there are, how many were passed over, and why.</summary>
    public string Summary { get; private set; } = "";

    /// <summary>Opens the pack of these folders, building it first when the cache has none.</summary>
    /// <param name="folders">Where the pictures are; never a test set.</param>
    /// <param name="minSize">Pictures smaller than this (after halving), either way, are left out.</param>
    /// <param name="cacheFolder">Where packs are kept; created when absent.</param>
    /// <param name="decode">Reads one picture file, any format; called from several threads.</param>
    /// <param name="preload">Copy the pixels into memory, for disks slower than the page cache is large.</param>
    /// <param name="done">While building: files finished so far.</param>
    /// <param name="side">To so many pixels each way whole pictures are brought, whatever their shape; null for their own sizes.</param>
    /// <param name="cancellation">Stops building; nothing is left behind.</param>
    /// <exception cref="InvalidFileException">A folder is missing or empty, or a file cannot be decoded.</exception>
    public static PackedImages Open(
        IEnumerable<TrainingFolder> folders,
        int minSize,
        string cacheFolder,
        Func<string, ImageBuffer> decode,
        bool preload = false,
        IProgress<int>? done = null,
        int? side = null,
        CancellationToken cancellation = default)
    {
        var (sources, copies) = PackBuilder.Find(folders, side);
        var pack = Open(sources, minSize, cacheFolder, decode, preload, done, cancellation);
        pack.Summary = Say(pack.Count, copies, sources.Count - pack.Count, minSize);
        return pack;
    }

    /// <summary>As above, of these files in this order.</summary>
    internal static PackedImages Open(
        IReadOnlyList<PackBuilder.Source> sources,
        int minSize,
        string cacheFolder,
        Func<string, ImageBuffer> decode,
        bool preload = false,
        IProgress<int>? done = null,
        CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(cacheFolder);
        string path = System.IO.Path.Combine(cacheFolder, PackBuilder.Key(sources, minSize) + ".pack");
        if (!File.Exists(path))
        {
            PackBuilder.CheckRoom(cacheFolder, sources.Count, PackBuilder.Estimate(sources, decode),
                new DriveInfo(System.IO.Path.GetFullPath(cacheFolder)).AvailableFreeSpace);
            PackBuilder.Build(path, sources, minSize, decode, done, cancellation);
        }

        return new PackedImages(path, preload);
    }

    /// <summary>All pixels of one picture: Height × Width × Bands, interleaved. Valid until disposal.</summary>
    public ReadOnlySpan<byte> Pixels(int index)
    {
        ObjectDisposedException.ThrowIf(_pixels is null, this);
        var image = _images[index];
        return new ReadOnlySpan<byte>(_pixels + image.Offset, image.Length);
    }

    public void Dispose()
    {
        if (_view is null && _pixels is not null)
            NativeMemory.Free(_pixels);
        _pixels = null;
        CloseFile();
    }

    private static string Say(int pictures, int copies, int unfit, int minSize)
    {
        List<string> passedOver = [];
        if (copies > 0)
            passedOver.Add(FormattableString.Invariant($"{copies:N0} compressed copies"));
        if (unfit > 0)
            passedOver.Add(FormattableString.Invariant($"{unfit:N0} smaller than {minSize} pixels or in CMYK"));
        return FormattableString.Invariant($"{pictures:N0} pictures{(passedOver.Count > 0 ? $"; passed over: {string.Join(", ", passedOver)}" : "")}");
    }

    private void CopyToMemory(long length)
    {
        byte* copy = (byte*)NativeMemory.Alloc((nuint)length);
        Buffer.MemoryCopy(_pixels, copy, length, length);
        CloseFile();
        _pixels = copy;
    }

    private void CloseFile()
    {
        _view?.SafeMemoryMappedViewHandle.ReleasePointer();
        _view?.Dispose();
        _file?.Dispose();
        _view = null;
        _file = null;
    }

    private PackedImage[] ReadIndex(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            using var reader = new BinaryReader(file, Encoding.UTF8);
            bool known = reader.ReadBytes(8).AsSpan().SequenceEqual(PackBuilder.Magic) && reader.ReadInt32() == PackBuilder.Version;
            if (!known)
                throw new InvalidFileException(path, "is not a pack of this version; delete it and it will be built again");
            var images = new PackedImage[reader.ReadInt32()];
            long indexOffset = reader.ReadInt64();
            file.Position = indexOffset;
            using var hash = new Sha256();
            for (int i = 0; i < images.Length; i++)
            {
                var image = new PackedImage(
                    reader.ReadString(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadUInt64());
                if (image.Offset + image.Length > indexOffset)
                    throw new InvalidFileException(path, "is damaged; delete it and it will be built again");
                images[i] = image;
                hash.Append(Encoding.UTF8.GetBytes(FormattableString.Invariant($"{image.Width}x{image.Height}x{image.Bands}:{image.Hash:x16}\n")));
            }

            Fingerprint = hash.Finish()[..16];
            return images;
        }
        catch (EndOfStreamException e)
        {
            throw new InvalidFileException(path, "is cut short; delete it and it will be built again", e);
        }
    }
}

/// <summary>Where one picture lies in a pack.</summary>
/// <param name="Path">The file it was read from, for messages.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Bands">1 (gray) or 3 (RGB), interleaved, 8 bit.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Hash">The first 8 bytes of the SHA-256 of its pixels.</param>
public sealed record PackedImage(string Path, int Width, int Height, int Bands, long Offset, ulong Hash)
{
    public int Length => Width * Height * Bands;
}
