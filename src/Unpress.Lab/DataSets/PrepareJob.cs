using System.Collections.Concurrent;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Unpress.Compression;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Colour;
using Unpress.Imaging.Jpeg;

namespace Unpress.DataSets;

/// <summary>
/// Lays out what was downloaded as <c>SPLIT/raw</c>, checks it, makes compressed mirrors beside it, and looks for pictures that are in two places.
/// A second run gives the same files again, copies only what is missing, and says what is no longer what it was.
/// </summary>
public sealed class PrepareJob(PrepareOptions options)
{
    public const string ManifestName = "data.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // versions have plus signs; this is not HTML
    };

    /// <exception cref="InvalidFileException">The folder is missing or holds no pictures, or a manifest is not readable.</exception>
    /// <exception cref="MissingToolException">A codec cannot work on this machine.</exception>
    public PreparedSet Run(CancellationToken cancellation)
    {
        if (!Directory.Exists(options.From))
            throw new InvalidFileException(options.From, "no such folder");
        foreach (string folder in options.Against.Where(folder => !Directory.Exists(folder)))
            throw new InvalidFileException(folder, "no such folder");
        string own = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Output)) + Path.DirectorySeparatorChar;
        var files = InputFiles.Below(options.From, recursive: true).Where(file => !Path.GetFullPath(file).StartsWith(own, StringComparison.Ordinal)).ToList();
        if (files.Count == 0)
            throw new InvalidFileException(options.From, "no pictures in this folder or below it");
        var set = options.Set ?? KnownSet.Anything(files.Count);
        var faults = new List<string>();
        var earlier = Earlier();
        var chosen = Choose(files, set, faults);
        var looked = Look(chosen, earlier, faults, cancellation);
        var pictures = looked.Select(one => one.Picture).ToList();
        var mirrors = options.Mirrors.Select(mirror => Mirror(pictures, mirror.Codec, mirror.Quality, faults, cancellation)).ToList();

        var prepared = new PreparedSet
        {
            Set = set.Name,
            Source = set.Source,
            Pictures = pictures,
            Mirrors = mirrors,
            Overlaps = Overlaps(looked, cancellation),
            Faults = faults,
        };
        AtomicFile.CreateFolderOf(Manifest);
        AtomicFile.Write(Manifest, temporary => File.WriteAllText(temporary, JsonSerializer.Serialize(prepared, Json) + "\n"));
        return prepared;
    }

    private string Manifest => Path.Combine(options.Output, ManifestName);

    private Dictionary<(string, string), PreparedPicture> Earlier()
    {
        if (!File.Exists(Manifest))
            return [];
        try
        {
            return JsonSerializer.Deserialize<PreparedSet>(File.ReadAllBytes(Manifest), Json)!.Pictures.ToDictionary(picture => (picture.Split, picture.Name));
        }
        catch (JsonException error)
        {
            throw new InvalidFileException(Manifest, "is no manifest of this program; move it away", error);
        }
    }

    /// <summary>Which file is which picture of which split; what is missing or twice there is a fault.</summary>
    private List<(string Split, string File)> Choose(IReadOnlyList<string> files, KnownSet set, List<string> faults)
    {
        var chosen = new List<(string Split, string File)>();
        foreach (var split in set.Splits)
        {
            var own = files.Where(file => split.Has(Path.ChangeExtension(Relative(file), null))).ToList();
            foreach (var twice in own.GroupBy(Path.GetFileName).Where(group => group.Count() > 1))
                faults.Add($"{split.Name}: {twice.Key} is there {twice.Count()} times; the first is taken: {Relative(twice.First())}");
            own = [.. own.DistinctBy(Path.GetFileName)];
            var missing = (split.Names ?? []).Except(own.Select(file => Path.GetFileNameWithoutExtension(file)!)).ToList();
            if (missing.Count > 0)
                faults.Add(
                    $"{split.Name}: {missing.Count} of {split.Count} are missing: {string.Join(", ", missing.Take(5))}{(missing.Count > 5 ? ", …" : "")}");
            else if (own.Count != split.Count)
                faults.Add($"{split.Name}: has {own.Count} pictures, should have {split.Count}");
            chosen.AddRange(own.Select(file => (split.Name, file)));
        }

        return chosen;
    }

    private List<(PreparedPicture Picture, PictureFingerprint Print)> Look(
        List<(string Split, string File)> chosen, Dictionary<(string, string), PreparedPicture> earlier, List<string> faults, CancellationToken cancellation)
    {
        var looked = new (PreparedPicture Picture, PictureFingerprint Print)?[chosen.Count];
        var problems = new ConcurrentBag<string>();
        foreach (string split in chosen.Select(one => one.Split).Distinct())
            Directory.CreateDirectory(RawOf(split));
        Parallel.For(0, chosen.Count, Degree(cancellation), i =>
        {
            var (split, file) = chosen[i];
            try
            {
                var image = ImageFile.Load(file);
                string name = Path.GetFileName(file), target = Path.Combine(RawOf(split), name);
                var picture = new PreparedPicture(split, name, Relative(file), Hash(file), image.Width, image.Height);
                if (earlier.TryGetValue((split, name), out var before) && before.Sha256 != picture.Sha256)
                    problems.Add($"{split}/{name}: is no longer the file it was when the set was prepared first");
                if (!File.Exists(target) || Hash(target) != picture.Sha256)
                    AtomicFile.Write(target, temporary => File.Copy(file, temporary));
                looked[i] = (picture, PictureFingerprint.Of(image));
            }
            catch (InvalidFileException error)
            {
                problems.Add(error.Message);
            }
        });
        faults.AddRange(problems.Order(StringComparer.Ordinal));
        return [.. looked.OfType<(PreparedPicture, PictureFingerprint)>()];
    }

    private PreparedMirror Mirror(List<PreparedPicture> pictures, ICodec codec, int quality, List<string> faults, CancellationToken cancellation)
    {
        var tables = new List<string>();
        foreach (string split in pictures.Select(picture => picture.Split).Distinct())
        {
            string folder = Path.Combine(options.Output, split, $"{codec.Name}-{quality}");
            var job = new CompressJob([RawOf(split)], recursive: false, folder, new CompressOptions { Codec = codec, Quality = quality, Overwrite = true });
            var result = job.Run(cancellation: cancellation);
            faults.AddRange(result.Failures.Select(failure => $"{failure}"));
            if (codec is JpegCodec)
                tables.AddRange(result.Pictures.SelectMany(picture => TablesOf(Path.Combine(folder, picture.Bitstream!))));
        }

        return new PreparedMirror(codec.Name, quality, codec.Encoder, [.. tables.Distinct()]);
    }

    private static IEnumerable<string> TablesOf(string jpeg) =>
        JpegAnatomy.Read(jpeg).Tables.OfType<ushort[]>().Select(table => string.Join(' ', table.Select(step => step.ToString(CultureInfo.InvariantCulture))));

    /// <summary>
    /// Between the splits and with the folders that were named; within a split only the same pixels, since series of photographs resemble
    /// each other.
    /// </summary>
    private List<PictureOverlap> Overlaps(List<(PreparedPicture Picture, PictureFingerprint Print)> looked, CancellationToken cancellation)
    {
        var own = looked.Select(one => (Group: one.Picture.Split, Name: $"{one.Picture.Split}/{one.Picture.Name}", one.Print)).ToList();
        var others = new ConcurrentBag<(string Group, string Name, PictureFingerprint Print)>();
        string[] files = [.. options.Against.SelectMany(folder => InputFiles.Below(folder, recursive: true))];
        Parallel.ForEach(files, Degree(cancellation), file =>
        {
            if (Print(file) is { } print)
                others.Add(("", file, print));
        });
        var all = own.Concat(others.OrderBy(one => one.Name, StringComparer.Ordinal)).ToList();
        return
        [
            .. from i in Enumerable.Range(0, own.Count)
               from other in all.Skip(i + 1)
               let same = own[i].Print.Pixels == other.Print.Pixels
               where same || (own[i].Group != other.Group && own[i].Print.Resembles(other.Print))
               select new PictureOverlap(own[i].Name, other.Name, same),
        ];
    }

    // A damaged picture elsewhere is not this set's fault.
    private static PictureFingerprint? Print(string file)
    {
        try
        {
            return PictureFingerprint.Of(ImageFile.Load(file));
        }
        catch (InvalidFileException)
        {
            return null;
        }
    }

    private static ParallelOptions Degree(CancellationToken cancellation) =>
        new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };

    private static string Hash(string file)
    {
        using var stream = File.OpenRead(file);
        return Sha256.Of(stream);
    }

    private string Relative(string file) => Path.GetRelativePath(options.From, file).Replace('\\', '/');

    private string RawOf(string split) => Path.Combine(options.Output, split, "raw");
}

/// <summary>Two files that show the same picture, or nearly.</summary>
/// <param name="Exact">The same pixels.</param>
public sealed record PictureOverlap(string First, string Second, bool Exact);

/// <summary>A picture of a prepared set: one entry of <c>data.json</c>.</summary>
/// <param name="Split">train, valid, test, …</param>
/// <param name="Name">File name in the split's folder.</param>
/// <param name="Source">Path below the folder that was downloaded.</param>
/// <param name="Sha256">Of the file, lower-case hex.</param>
public sealed record PreparedPicture(string Split, string Name, string Source, string Sha256, int Width, int Height);

/// <summary>How a compressed mirror of a prepared set was made.</summary>
/// <param name="Encoder">Library and version.</param>
/// <param name="Tables">
/// The quantisation tables of a JPEG mirror: 64 steps each, row by row, first that of luma, then that of chroma. Empty for other codecs.
/// </param>
public sealed record PreparedMirror(string Codec, int Quality, string Encoder, IReadOnlyList<string> Tables);

/// <summary><c>data.json</c>: what a prepared folder holds and how it came about; no dates, no absolute paths.</summary>
public sealed record PreparedSet
{
    /// <summary>Name of the published set, or "folder".</summary>
    public required string Set { get; init; }

    public required string Source { get; init; }

    /// <summary>By split and name.</summary>
    public required IReadOnlyList<PreparedPicture> Pictures { get; init; }

    public required IReadOnlyList<PreparedMirror> Mirrors { get; init; }

    /// <summary>Pictures that are in two splits, twice in one, or in another folder as well.</summary>
    public required IReadOnlyList<PictureOverlap> Overlaps { get; init; }

    /// <summary>What is wrong with what was downloaded, one line each.</summary>
    public required IReadOnlyList<string> Faults { get; init; }
}

/// <summary>How a set is prepared.</summary>
public sealed record PrepareOptions
{
    /// <summary>What it should be; null for a folder of one's own.</summary>
    public KnownSet? Set { get; init; }

    /// <summary>The folder that was downloaded and unpacked.</summary>
    public required string From { get; init; }

    /// <summary>Where it is laid out.</summary>
    public required string Output { get; init; }

    /// <summary>Codec and quality of each compressed mirror.</summary>
    public IReadOnlyList<(ICodec Codec, int Quality)> Mirrors { get; init; } = [];

    /// <summary>Folders that must not share pictures with it.</summary>
    public IReadOnlyList<string> Against { get; init; } = [];
}

/// <summary>
/// What is left of a picture when it is looked at from far away: the signs of the differences between neighbours among 9×8 means of its luma.
/// Compression and scaling hardly change it; another picture has about half of the 64 signs the other way.
/// </summary>
/// <param name="Pixels">SHA-256 of size and pixels, lower-case hex.</param>
/// <param name="Signs">One bit a pair of neighbours.</param>
/// <param name="Plain">Too little happens in the picture for its signs to say anything.</param>
public sealed record PictureFingerprint(string Pixels, ulong Signs, bool Plain)
{
    /// <summary>Signs that may differ between two copies of one picture.</summary>
    private const int Tolerance = 4;

    private const int Columns = 9, Rows = 8;

    public static PictureFingerprint Of(ImageBuffer picture)
    {
        var colour = PixelConversion.ToEightBitColour(picture);
        var gray = colour.Model == ColourModel.Cmyk ? colour : PixelConversion.ToGray(colour);
        double[] means = Means(gray);
        ulong signs = 0;
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns - 1; column++)
                signs = (signs << 1) | (means[(row * Columns) + column + 1] > means[(row * Columns) + column] ? 1UL : 0);
        }

        using var hash = new Sha256();
        hash.Append([.. BitConverter.GetBytes(picture.Width), .. BitConverter.GetBytes(picture.Height)]);
        hash.Append(colour.Data);
        return new PictureFingerprint(hash.Finish(), signs, means.Max() - means.Min() < 8);
    }

    /// <summary>The same pixels, or nearly the same picture.</summary>
    public bool Resembles(PictureFingerprint other) =>
        Pixels == other.Pixels || (!Plain && !other.Plain && BitOperations.PopCount(Signs ^ other.Signs) <= Tolerance);

    private static double[] Means(ImageBuffer gray)
    {
        var sums = new double[Columns * Rows];
        var counts = new int[Columns * Rows];
        for (int y = 0; y < gray.Height; y++)
        {
            int row = (int)((long)y * Rows / gray.Height);
            for (int x = 0; x < gray.Width; x++)
            {
                int cell = (row * Columns) + (int)((long)x * Columns / gray.Width);
                sums[cell] += gray.Data[((y * gray.Width) + x) * gray.Bands];
                counts[cell]++;
            }
        }

        return [.. sums.Select((sum, i) => counts[i] == 0 ? 0 : sum / counts[i])];
    }
}
