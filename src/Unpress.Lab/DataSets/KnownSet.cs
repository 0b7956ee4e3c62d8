using System.Globalization;

namespace Unpress.DataSets;

/// <summary>A published set of pictures: what a user who downloaded it should have.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Source">Where it comes from and what its terms are, in words.</param>
public sealed record KnownSet(string Name, string Source, IReadOnlyList<KnownSplit> Splits)
{
    public static IReadOnlyList<KnownSet> All { get; } =
    [
        new("div2k", "DIV2K, high resolution (Agustsson and Timofte, NTIRE 2017); for research", [
            KnownSplit.Of("train", Numbered("", "D4", 1, 800)),
            KnownSplit.Of("valid", Numbered("", "D4", 801, 100)),
        ]),
        // The last hundred are the test pictures of "Breaking the Multi-Enhancement Bottleneck".
        new("flickr2k", "Flickr2K, high resolution (Lim et al., NTIRE 2017); for research", [
            KnownSplit.Of("train", Numbered("", "D6", 1, 2550)),
            KnownSplit.Of("test", Numbered("", "D6", 2551, 100)),
        ]),
        new("bsds500", "BSDS500 (Arbeláez et al., PAMI 2011), images/train, val and test; for non-commercial research", [
            KnownSplit.InFolder("train", 200),
            KnownSplit.InFolder("val", 100),
            KnownSplit.InFolder("test", 200),
        ]),
        new("live1", "The 29 originals of the LIVE image quality database (Sheikh et al., TIP 2006); for research", [
            KnownSplit.Of("test",
                "bikes", "building2", "buildings", "caps", "carnivaldolls", "cemetry", "churchandcapitol", "coinsinfountain", "dancers",
                "flowersonih35", "house", "lighthouse2", "lighthouse3", "manfishing", "monarch", "ocean", "paintedhouse", "parrots", "plane",
                "rapids", "sailing1", "sailing2", "sailing3", "sailing4", "statue", "stream", "studentsculpture", "woman", "womanhat"),
        ]),
        new("liu4k", "LIU4K, pictures of 4K (Liu et al., TIP 2020); for research", [
            KnownSplit.InFolder("train", 1500),
            KnownSplit.InFolder("valid", 80),
        ]),
        new("set14", "Set14 (Zeyde et al., 2010), under the names of their pictures; for research", [
            KnownSplit.Of("test",
                "baboon", "barbara", "bridge", "coastguard", "comic", "face", "flowers", "foreman", "lenna", "man", "monarch", "pepper", "ppt3", "zebra"),
        ]),
        new("kodak", "Kodak Lossless True Color Image Suite; free", [
            KnownSplit.Of("test", Numbered("kodim", "D2", 1, 24)),
        ]),
    ];

    /// <summary>A folder of one's own: all of its pictures are one split.</summary>
    public static KnownSet Anything(int count) => new("folder", "a folder of one's own", [new KnownSplit("all", count, _ => true)]);

    private static List<string> Numbered(string prefix, string format, int first, int count) =>
        [.. Enumerable.Range(first, count).Select(number => prefix + number.ToString(format, CultureInfo.InvariantCulture))];
}

/// <summary>A part of a published set: training, validation, test.</summary>
/// <param name="Count">Pictures it has.</param>
/// <param name="Has">Whether a picture belongs to it, by its path below the folder, with "/" and without extension.</param>
/// <param name="Names">The names it must have, where they are known; else null.</param>
public sealed record KnownSplit(string Name, int Count, Func<string, bool> Has, IReadOnlyList<string>? Names = null)
{
    /// <summary>A split by the files' names, wherever they lie.</summary>
    public static KnownSplit Of(string name, params IReadOnlyList<string> names)
    {
        var known = names.ToHashSet(StringComparer.Ordinal);
        return new(name, names.Count, path => known.Contains(Path.GetFileName(path)), names);
    }

    /// <summary>A split by a folder of its own, such as "images/test".</summary>
    public static KnownSplit InFolder(string name, int count) =>
        new(name, count, path => path.Split('/').SkipLast(1).Contains(name, StringComparer.OrdinalIgnoreCase));
}
