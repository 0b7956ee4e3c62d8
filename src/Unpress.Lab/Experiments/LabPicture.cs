using Unpress.Evaluation;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Inference;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;

namespace Unpress.Lab.Experiments;

/// <summary>An original of a run.</summary>
/// <param name="Index">Among all of the run's pictures; starts its random numbers.</param>
/// <param name="Kept">It is kept for the report.</param>
internal sealed record LabPicture(SetSection Section, string Name, string File, int Index, bool Kept)
{
    public string Set => Section.Name;

    /// <summary>The pictures of all sets, in the order of the recipe and of their names.</summary>
    /// <exception cref="InvalidFileException">A folder is missing or holds no pictures.</exception>
    public static IReadOnlyList<LabPicture> Of(LabRecipe recipe)
    {
        var pictures = new List<LabPicture>();
        foreach (var set in recipe.Sets)
        {
            if (!Directory.Exists(set.Folder))
                throw new InvalidFileException(set.Folder, $"no such folder; {IsSet(set)}");
            var files = PictureFolder.Files(set.Folder);
            if (files.Count == 0)
                throw new InvalidFileException(set.Folder, "no pictures in this folder");
            if (set.List is { } list)
                files = Listed(files, list, set.Folder);
            pictures.AddRange(files.Take(set.First ?? int.MaxValue).Select((file, i) => new LabPicture(
                set, NameOf(set.Folder, file), file, pictures.Count + i, i < recipe.Keep.Pictures)).ToList());
        }

        return pictures;
    }

    /// <summary>For messages about a folder that is not there.</summary>
    internal static string IsSet(SetSection set) => $"it is set {set.Name} of the recipe; unpress data prepare lays sets out";

    /// <exception cref="InvalidFileException">Not readable, or not 8-bit gray or RGB without alpha.</exception>
    public ImageBuffer Load(bool gray)
    {
        var picture = OriginalPicture.Load(File, gray);
        return Section.Crop is { } side ? Middle(picture, side) : picture;
    }

    // In the order of the folder, whatever that of the list.
    private static List<string> Listed(IReadOnlyList<string> files, string list, string folder)
    {
        if (!System.IO.File.Exists(list))
            throw new InvalidFileException(list, "no such list of pictures");
        var wanted = System.IO.File.ReadLines(list).Select(line => line.Trim()).Where(line => line.Length > 0).ToHashSet(StringComparer.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        var chosen = new List<string>();
        foreach (string file in files)
        {
            string[] names = [.. NamesOf(folder, file).Where(wanted.Contains)];
            found.UnionWith(names);
            if (names.Length > 0)
                chosen.Add(file);
        }

        wanted.ExceptWith(found);
        return wanted.Count == 0
            ? chosen
            : throw new InvalidFileException(list, $"{wanted.Count} of its pictures are not in {folder}: {string.Join(", ", wanted.Order(StringComparer.Ordinal).Take(5))}{(wanted.Count > 5 ? ", …" : "")}");
    }

    // What a list may call it.
    private static IEnumerable<string> NamesOf(string folder, string file)
    {
        string path = Path.GetRelativePath(folder, file).Replace('\\', '/');
        return new[] { path, NameOf(folder, file), Path.GetFileName(path), Path.GetFileNameWithoutExtension(path) }.Distinct();
    }

    private static string NameOf(string folder, string file) =>
        Path.ChangeExtension(Path.GetRelativePath(folder, file), null).Replace('\\', '/');

    private static ImageBuffer Middle(ImageBuffer picture, int side)
    {
        int width = Math.Min(side, picture.Width), height = Math.Min(side, picture.Height);
        int left = (picture.Width - width) / 2, top = (picture.Height - height) / 2;
        var middle = new ImageBuffer(width, height, picture.Model);
        for (int y = 0; y < height; y++)
        {
            picture.Data.AsSpan((((top + y) * picture.Width) + left) * picture.Bands, width * picture.Bands)
                .CopyTo(middle.Data.AsSpan(y * width * picture.Bands));
        }

        return middle;
    }
}

/// <summary>One way to compress a picture.</summary>
/// <param name="Drawn">It was drawn, so tables do not part its figures by codec and setting.</param>
internal sealed record PictureCompression(ICodec Codec, CodecSettings Settings, bool Drawn = false)
{
    /// <summary>The codec as figures have it.</summary>
    public string Label => Drawn ? Figure.Drawn : Codec.Name;

    public int? Setting => Drawn ? null : Settings.Quality;

    /// <summary>Codec and setting in words.</summary>
    public override string ToString() => $"{Codec.Name} {Settings.Quality}";

    /// <summary>Every setting of every codec.</summary>
    public static IReadOnlyList<PictureCompression> All(IEnumerable<CompressionSection> sections) =>
        [.. from section in sections
            let codec = CodecList.Find(section.Codec)
            from setting in section.Settings
            select new PictureCompression(codec, new CodecSettings(setting, section.Subsampling ?? codec.Subsamplings[0]))];

    /// <summary>The original, compressed.</summary>
    public Restoration Apply(ImageBuffer original, CancellationToken cancellation) => Restoration.Compress(original, Codec, Settings, cancellation);
}
