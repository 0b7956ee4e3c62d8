using System.Globalization;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;

namespace Unpress.Data;

/// <summary>
/// Training pictures that were compressed as a whole before the training, as papers on HEVC and BPG do it: for each setting a pack with the
/// copies of the same pictures in the same order. A pair of patches then costs two copies and no encoder, and has the codec's real
/// neighbourhood and block structure. Reading is safe from many threads.
/// </summary>
public sealed class CompressedPairs : IDisposable
{
    private readonly Dictionary<int, PackedImages> _packs;
    private readonly int[] _places;

    private CompressedPairs(Dictionary<int, PackedImages> packs, int[] places) => (_packs, _places) = (packs, places);

    /// <summary>Whether the folder of an original names copies.</summary>
    /// <param name="original">Its place among the originals.</param>
    public bool Has(int original) => _places[original] >= 0;

    /// <summary>An original's copy compressed with a setting: the pack of all of that setting, and its place there.</summary>
    public (PackedImages Pack, int Place) Copy(int original, int setting) => (_packs[setting], _places[original]);

    /// <summary>Null where the folders name no copies.</summary>
    /// <param name="originals">Of the same folders; which pictures there are, and in what order.</param>
    /// <param name="settings">Each that can be drawn.</param>
    /// <param name="cacheFolder">Where packs are kept.</param>
    /// <exception cref="InvalidFileException">A copy is missing, of another size, or made with other settings.</exception>
    public static CompressedPairs? Open(
        IReadOnlyList<TrainingFolder> folders, PackedImages originals, ICodec codec, IEnumerable<int> settings, string cacheFolder,
        bool preload = false, CancellationToken cancellation = default)
    {
        if (folders.All(folder => folder.Copies is null))
            return null;
        var paired = folders.Where(folder => folder.Copies is not null).ToList();
        int[] places = new int[originals.Count];
        int count = 0;
        for (int i = 0; i < places.Length; i++)
            places[i] = paired.Any(folder => CopyFolder.Holds(folder.Path, originals[i].Path)) ? count++ : -1;
        List<PackedImage> withCopies = [.. Enumerable.Range(0, places.Length).Where(i => places[i] >= 0).Select(i => originals[i])];
        var packs = new Dictionary<int, PackedImages>();
        try
        {
            foreach (int setting in settings.Distinct())
                packs.Add(setting, Pack(paired, withCopies, codec, setting, cacheFolder, preload, cancellation));
        }
        catch
        {
            foreach (var pack in packs.Values)
                pack.Dispose();
            throw;
        }

        return new CompressedPairs(packs, places);
    }

    /// <summary>The folder of the copies of one setting.</summary>
    /// <param name="copies">With {codec} and {setting}.</param>
    public static string FolderOf(string copies, ICodec codec, int setting) => copies.Replace("{codec}", codec.Name, StringComparison.Ordinal)
        .Replace("{setting}", setting.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    public void Dispose()
    {
        foreach (var pack in _packs.Values)
            pack.Dispose();
    }

    private static PackedImages Pack(
        List<TrainingFolder> folders, List<PackedImage> originals, ICodec codec, int setting, string cacheFolder, bool preload, CancellationToken cancellation)
    {
        var found = folders.Select(folder => CopyFolder.Open(folder, codec, setting)).ToList();
        var sources = originals.Select(original => Source(found, original.Path)).ToList();
        var pack = PackedImages.Open(sources, minSize: 1, cacheFolder, path => Decode(path, codec), preload, cancellation: cancellation);
        for (int i = 0; i < Math.Min(originals.Count, pack.Count); i++)
        {
            PackedImage raw = originals[i], copy = pack[i];
            if ((raw.Width, raw.Height) == (copy.Width, copy.Height) && raw.Bands <= copy.Bands)
                continue;
            pack.Dispose();
            throw new InvalidFileException(
                copy.Path, FormattableString.Invariant($"is {copy.Width}×{copy.Height} with {copy.Bands} bands, its original {raw.Path} {raw.Width}×{raw.Height} with {raw.Bands}; compress it again"));
        }

        if (pack.Count == originals.Count)
            return pack;
        pack.Dispose();
        throw new InvalidFileException(sources[0].Path, "or one beside it is in CMYK; copies are gray or RGB, as their originals");
    }

    private static PackBuilder.Source Source(List<CopyFolder> folders, string original)
    {
        var folder = folders.First(folder => folder.Holds(original));
        var file = new FileInfo(folder.CopyOf(original));
        return new PackBuilder.Source(file.FullName, Halve: false, file.Length, file.LastWriteTimeUtc.Ticks);
    }

    // A codec's own file that is no picture format, such as HEVC's, is read by the codec.
    private static ImageBuffer Decode(string path, ICodec codec)
        => string.Equals(Path.GetExtension(path), codec.Extension, StringComparison.OrdinalIgnoreCase)
            ? codec.Decode(File.ReadAllBytes(path))
            : ImageFile.Load(path);

    /// <summary>A folder of originals and the one with its copies of one setting.</summary>
    private sealed class CopyFolder
    {
        private readonly string _root;
        private readonly string _folder;
        private readonly Dictionary<string, string> _byStem;

        private CopyFolder(string root, string folder, Dictionary<string, string> byStem) => (_root, _folder, _byStem) = (root, folder, byStem);

        public static CopyFolder Open(TrainingFolder training, ICodec codec, int setting)
        {
            string number = setting.ToString(CultureInfo.InvariantCulture), folder = FolderOf(training.Copies!, codec, setting);
            if (!Directory.Exists(folder))
            {
                throw new InvalidFileException(folder,
                    $"no such folder of compressed copies; unpress compress {training.Path} -r -o {folder} --codec {codec.Name} --quality {number} makes it");
            }

            var stranger = CompressManifest.Read(folder).FirstOrDefault(picture => picture.Codec != codec.Name || picture.Quality != setting);
            if (stranger is not null)
            {
                throw new InvalidFileException(Path.Combine(folder, CompressManifest.FileName),
                    $"says that {stranger.Input} was compressed with {stranger.Codec} at {stranger.Quality}, the recipe with {codec.Name} at {number}");
            }

            // What programs can read comes before the codec's own file, of which it is the decoded picture.
            var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => PackBuilder.CanRead(file) || Path.GetExtension(file) == codec.Extension)
                .OrderBy(file => PackBuilder.CanRead(file) ? 0 : 1).ThenBy(file => file, StringComparer.Ordinal);
            var byStem = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (string file in files)
                byStem.TryAdd(Stem(folder, file), file);
            return new CopyFolder(Path.GetFullPath(training.Path), folder, byStem);
        }

        public bool Holds(string original) => Holds(_root, original);

        public static bool Holds(string root, string original)
            => original.StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

        public string CopyOf(string original) => _byStem.GetValueOrDefault(Stem(_root, original))
            ?? throw new InvalidFileException(original, $"has no compressed copy in {_folder}");

        private static string Stem(string root, string file) => Path.ChangeExtension(Path.GetRelativePath(root, file), null);
    }
}
