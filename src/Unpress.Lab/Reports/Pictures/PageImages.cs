using System.Security.Cryptography;
using Unpress.Imaging;

namespace Unpress.Lab.Reports.Pictures;

/// <summary>The pictures inside a page, each once: an enhancer that changes nothing any more leaves the same picture again and again.</summary>
internal sealed class PageImages
{
    private readonly Dictionary<string, string> _hashes = [];
    private readonly Dictionary<(string Hash, PictureDetail Detail), int> _places = [];
    private readonly List<string> _uris = [];

    /// <summary>Data URIs.</summary>
    public IReadOnlyList<string> Uris => _uris;

    /// <summary>How many of these files differ.</summary>
    public int Different(IEnumerable<string> files) => files.Select(Hash).Distinct().Count();

    /// <returns>The picture's place among the <see cref="Uris"/>.</returns>
    /// <exception cref="InvalidFileException">The file cannot be read.</exception>
    public int Add(string file, PictureDetail detail)
    {
        var key = (Hash(file), detail);
        if (!_places.TryGetValue(key, out int place))
        {
            _places[key] = place = _uris.Count;
            _uris.Add("data:image/webp;base64," + Convert.ToBase64String(detail.WebP(ImageFile.Load(file))));
        }

        return place;
    }

    private string Hash(string file)
    {
        if (!_hashes.TryGetValue(file, out string? hash))
        {
            using var stream = File.OpenRead(file);
            _hashes[file] = hash = Convert.ToHexString(SHA256.HashData(stream));
        }

        return hash;
    }
}
