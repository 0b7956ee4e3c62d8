using System.Security.Cryptography;
using System.Text;

namespace Unpress.Files;

/// <summary>
/// The inputs of a command line, folder after folder, while they are asked for: what it holds at one time are the names in one folder and the folders
/// beside it, and 16 bytes for each folder that it has seen. Pictures of all given folders that lie at the same place below them come together, since their
/// results go to one folder.
/// </summary>
public sealed class InputTree
{
    private readonly IReadOnlyList<InputFile> _named;
    private readonly IReadOnlyList<string> _folders;
    private readonly HashSet<string> _namedPaths;
    private readonly InputTreeOptions _options;

    /// <param name="found">Inputs that were found before.</param>
    /// <param name="paths">Files, folders, or "-".</param>
    public InputTree(IEnumerable<InputFile> found, IEnumerable<string> paths, InputTreeOptions options)
    {
        _options = options;
        var all = paths.ToList();
        _folders = [.. all.Where(path => path != InputFile.Standard && Directory.Exists(path))];
        _named = [.. found.Concat(all.Except(_folders).Select(path => new InputFile(path, Path.GetFileName(path))))
            .DistinctBy(input => input.IsStandard ? input.Path : Path.GetFullPath(input.Path))];
        _namedPaths = [.. _named.Select(input => Path.GetFullPath(input.Path))];
    }

    /// <summary>Files that were named, then what is in the folders; last those folders that hold nothing.</summary>
    public IEnumerable<InputGroup> Groups()
    {
        foreach (var group in _named.GroupBy(input => PlaceOf(input.RelativePath)))
            yield return new InputGroup([.. group], [.. _folders.SelectMany(folder => Beside(folder, group.Key))]);
        var named = _named.ToLookup(input => PlaceOf(input.RelativePath));
        var visited = new HashSet<Int128>();
        if (_options.Output is { } output)
        {
            // Results are no inputs, unless somebody says so.
            string target = FolderListing.Real(output);
            if (!_folders.Any(folder => FolderListing.Real(folder) == target))
                visited.Add(Key(target));
        }

        var pictures = new Dictionary<string, long>(StringComparer.Ordinal);
        var waiting = new Stack<(string Place, IReadOnlyList<Spot> Spots)>();
        var given = _folders.Distinct().Select(folder => new Spot(folder, folder, FolderListing.Real(folder)));
        waiting.Push(("", [.. given.Where(spot => visited.Add(Key(spot.Real)))]));
        while (waiting.TryPop(out var one))
        {
            var (files, below) = Look(one.Place, one.Spots, pictures, _options.OnPassedOver);
            if (files.Count > 0)
                yield return new InputGroup(files, [.. named[one.Place]]);
            var next = new List<(string, IReadOnlyList<Spot>)>();
            var namesakes = below.GroupBy(spot => Path.GetFileName(spot.Path), StringComparer.Ordinal);
            foreach (var folders in namesakes.OrderBy(group => group.Key, StringComparer.Ordinal))
            {
                var spots = folders.Where(spot => visited.Add(Key(spot.Real))).ToList();
                if (spots.Count > 0)
                    next.Add((Path.Combine(one.Place, folders.Key), spots));
            }

            for (int k = next.Count - 1; k >= 0; k--)
                waiting.Push(next[k]);
        }

        foreach (var (folder, count) in pictures.Where(entry => entry.Value == 0))
            yield return new InputGroup([new InputFile(folder, folder, Empty())], []);
    }

    private string Empty() => !_options.Selection.IsAll ? "no pictures in this folder that --include and --exclude leave"
        : _options.Recursive ? "no pictures in this folder or below it" : "no pictures in this folder; -r looks below it too";

    /// <summary>What is in the folders of one place, and the folders in them.</summary>
    /// <param name="pictures">How many each given folder has had; is counted on.</param>
    /// <param name="passedOver">Told of the other files.</param>
    private (List<InputFile> Files, List<Spot> Below) Look(
        string place, IReadOnlyList<Spot> spots, Dictionary<string, long> pictures, Action<string>? passedOver)
    {
        var files = new List<InputFile>();
        var below = new List<Spot>();
        foreach (var spot in spots)
        {
            pictures.TryAdd(spot.Given, 0);
            try
            {
                var listing = FolderListing.Of(spot.Path, _options.Recursive);
                var foreign = listing.Pictures.Concat(listing.Folders).Any(ForeignName.MayBe) ? ForeignName.In(spot.Path) : [];
                foreach (string file in listing.Pictures.Where(file => Takes(place, file)))
                {
                    pictures[spot.Given]++;
                    if (IsForeign(file))
                        continue;
                    if (!_namedPaths.Contains(Path.GetFullPath(file)))
                        files.Add(new InputFile(file, Path.Combine(place, Path.GetFileName(file))));
                }

                foreach (string file in listing.Others.Where(file => Takes(place, file)))
                    passedOver?.Invoke(Path.Combine(place, Path.GetFileName(file)));
                below.AddRange(listing.Folders.Where(folder => _options.Selection.Enters(Path.Combine(place, Path.GetFileName(folder))) && !IsForeign(folder))
                    .Select(folder => new Spot(spot.Given, folder, FolderListing.Real(Path.Combine(spot.Real, Path.GetFileName(folder))))));

                bool IsForeign(string path)
                {
                    if (!foreign.TryGetValue(Path.GetFileName(path), out var names) || !names.TryDequeue(out byte[]? name))
                        return false;
                    byte[] whole = [.. Encoding.UTF8.GetBytes(Path.Combine(spot.Path, "x"))[..^1], .. name];
                    files.Add(new InputFile(path, Path.Combine(place, Path.GetFileName(path)), ForeignName.Reason(whole)) { Bytes = whole });
                    return true;
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                pictures[spot.Given]++;
                files.Add(new InputFile(spot.Path, place.Length > 0 ? place : spot.Path, FolderListing.Reason(spot.Path, error)));
            }
        }

        return (files, below);
    }

    private bool Takes(string place, string file) =>
        (_options.PassOver is not { } mark || !Path.GetFileName(file).Contains($"{mark}.", StringComparison.Ordinal))
        && _options.Selection.Takes(Path.Combine(place, Path.GetFileName(file)));

    /// <summary>Pictures of a given folder at the place of files that were named; none where it cannot be read, which is said elsewhere.</summary>
    private List<InputFile> Beside(string folder, string place)
    {
        string path = Path.Combine(folder, place);
        if (!Directory.Exists(path) || (place.Length > 0 && !_options.Recursive))
            return [];
        var (files, _) = Look(place, [new Spot(folder, path, path)], [], passedOver: null);
        return [.. files.Where(file => file.Fault is null)];
    }

    private static string PlaceOf(string relative) => Path.GetDirectoryName(relative) ?? "";

    private static Int128 Key(string folder) => System.Runtime.InteropServices.MemoryMarshal.Read<Int128>(SHA256.HashData(Encoding.UTF8.GetBytes(folder)));

    /// <param name="Given">The folder of the command line that it belongs to.</param>
    /// <param name="Real">The path without links.</param>
    private readonly record struct Spot(string Given, string Path, string Real);
}

/// <summary>How the folders of a command line are looked through.</summary>
public sealed record InputTreeOptions
{
    /// <summary>Look into the folders below the given ones, too.</summary>
    public bool Recursive { get; init; }

    /// <summary>Files of a folder that have this before an extension are left out; null for none.</summary>
    public string? PassOver { get; init; }

    public InputSelection Selection { get; init; } = InputSelection.All;

    /// <summary>Told the place of each file that is no picture, while folders are looked through.</summary>
    public Action<string>? OnPassedOver { get; init; }

    /// <summary>A folder of results, which is not looked into where it lies below one of inputs; null for none.</summary>
    public string? Output { get; init; }
}

/// <summary>Inputs whose results go to one folder.</summary>
/// <param name="Others">Further inputs of the same place, which belong to another group; their results' names are taken.</param>
public sealed record InputGroup(IReadOnlyList<InputFile> Files, IReadOnlyList<InputFile> Others);
