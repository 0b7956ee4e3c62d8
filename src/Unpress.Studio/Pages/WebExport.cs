using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Unpress.Imaging;
using Unpress.Models;
using Unpress.Onnx;

namespace Unpress.Studio.Pages;

/// <summary>What goes into the folder of the page that needs no server.</summary>
public sealed record WebExportOptions
{
    /// <summary>The folder to make; it may exist when it is empty, or with <see cref="Overwrite"/>.</summary>
    public required string Folder { get; init; }

    /// <summary>Names of models, the usual one first.</summary>
    public IReadOnlyList<string> Models { get; init; } = ["lite", "drawings"];

    /// <summary>The package of ONNX Runtime for browsers (a .tgz of npm); null fetches it.</summary>
    public string? Runtime { get; init; }

    public bool Overwrite { get; init; }
}

/// <summary>Writes the page as one folder of files that any web server can serve: it runs the model itself.</summary>
public static class WebExport
{
    /// <summary>ONNX Runtime for browsers, as npm has it.</summary>
    public const string RuntimeAddress = "https://registry.npmjs.org/onnxruntime-web/-/onnxruntime-web-1.30.0.tgz";

    private const string RuntimeSum = "d2228df7e4616bc3348bf504ee888f3bec43789a273f0a63f3e68d203ce3bf71";

    /// <summary>Of the package; WASM with SIMD, and with threads where the page may have them.</summary>
    private static readonly string[] RuntimeFiles = ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"];

    /// <summary>The same with WebGPU, which only browsers that have it fetch.</summary>
    private static readonly string[] GpuFiles = ["ort.jspi.min.mjs", "ort-wasm-simd-threaded.jspi.mjs", "ort-wasm-simd-threaded.jspi.wasm"];

    /// <summary>Files that only a server's page needs.</summary>
    private static readonly string[] LeftOut = ["docs.html", "docs.js", "lab.html", "lab.js", "lab.css", "uplot.txt", "built-from.json"];

    private const string Policy =
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; form-action 'none'";

    /// <summary>For servers that read such a file: with these headers the page has threads from its first visit on.</summary>
    private const string Headers = """
        /*
          Cross-Origin-Opener-Policy: same-origin
          Cross-Origin-Embedder-Policy: require-corp

        """;

    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">The folder is not empty, or a model cannot run in a page.</exception>
    /// <exception cref="MissingToolException">There is no such model.</exception>
    /// <exception cref="InvalidFileException">The package of the runtime is not the right one.</exception>
    /// <exception cref="IOException">The package cannot be fetched, or the folder not be written.</exception>
    public static async Task<long> RunAsync(WebExportOptions options, CancellationToken cancellation = default)
    {
        if (Directory.Exists(options.Folder) && Directory.EnumerateFileSystemEntries(options.Folder).Any() && !options.Overwrite)
            throw new ArgumentException($"{options.Folder}: is not empty; add --overwrite to replace what is in it");
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        var models = options.Models.Select(name => (Name: name, File: ModelFinder.Find(name))).Select(model => Listed(model.Name, model.File)).ToList();
        foreach (var model in models)
            files[$"models/{model.Name}.onnx"] = await File.ReadAllBytesAsync(ModelFinder.Find(model.Name), cancellation);
        files["models/models.json"] = JsonSerializer.SerializeToUtf8Bytes(models, JsonSerializerOptions.Web);
        foreach (var file in WebFiles.All.Where(file => !LeftOut.Contains(file.Path)))
            files[file.Path] = file.Path == "index.html" ? Standing(file.Bytes) : file.Bytes;
        foreach (var (name, bytes) in Unpack(await PackageAsync(options.Runtime, cancellation)))
            files[name] = bytes;
        files["files.json"] = List(files);
        files["_headers"] = Encoding.UTF8.GetBytes(Headers);
        foreach (var (name, bytes) in files)
        {
            string path = Path.Combine(options.Folder, name);
            AtomicFile.CreateFolderOf(path);
            AtomicFile.Write(path, temporary => File.WriteAllBytes(temporary, bytes));
        }

        return files.Values.Sum(bytes => bytes.LongLength);
    }

    /// <summary>What the page must know of a model.</summary>
    private sealed record PageModel(string Name, string Title, string About, bool HasSeeds, int Multiple, int? FullTo);

    private static PageModel Listed(string name, string file)
    {
        var facts = file.EndsWith(ModelFinder.Extension, StringComparison.OrdinalIgnoreCase) ? OnnxFile.Read(file).Facts : null;
        bool simple = facts is
        {
            Channels: 3, Needs: ModelInputs.None, Layout: TensorLayout.Nchw, Colours: ColourOrder.Rgb,
            Padding: PaddingPlace.Inside, Surveys.Count: 0
        }
            && facts.Range == ValueRange.Unit;
        var (title, about) = Jobs.ModelShelf.WordsOf(name);
        return simple
            ? new PageModel(name, title, about, false, facts!.SizeMultiple, facts.FullTo)
            : throw new ArgumentException($"the model {name} cannot run in a page: it needs more than a colour picture");
    }

    /// <summary>The same page, told that it has no server.</summary>
    private static byte[] Standing(byte[] index)
    {
        string html = Encoding.UTF8.GetString(index);
        string standing = html.Replace("<html ", "<html data-engine=\"page\" ", StringComparison.Ordinal)
            .Replace("<meta charset=\"utf-8\">", $"<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{Policy}\">",
                StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(standing);
    }

    /// <summary>For the service worker: what to keep, at once or when it is asked for. The version changes with any file.</summary>
    private static byte[] List(SortedDictionary<string, byte[]> files)
    {
        using var sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, bytes) in files)
        {
            sum.AppendData(Encoding.UTF8.GetBytes(name));
            sum.AppendData(bytes);
        }

        string[] later = [.. GpuFiles.Select(file => $"ort/{file}")];
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                version = Convert.ToHexStringLower(sum.GetHashAndReset())[..16],
                files = files.Keys.Where(name => name is not ("index.html" or "offline.js")).Except(later),
                later,
            });
    }

    private static async Task<byte[]> PackageAsync(string? file, CancellationToken cancellation)
    {
        byte[] package;
        if (file is not null)
            package = await File.ReadAllBytesAsync(file, cancellation);
        else
        {
            try
            {
                using var client = new HttpClient { Timeout = TimeSpan.FromMinutes(5) };
                package = await client.GetByteArrayAsync(new Uri(RuntimeAddress), cancellation);
            }
            catch (Exception error) when (error is HttpRequestException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
            {
                throw new IOException($"{RuntimeAddress} cannot be fetched: {error.Message}; fetch it yourself and name it with --runtime", error);
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(package)) == RuntimeSum
            ? package
            : throw new InvalidFileException(file ?? RuntimeAddress, $"is not the package that is wanted, whose SHA-256 begins with {RuntimeSum[..12]}");
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Unpack(byte[] package)
    {
        using var tar = new TarReader(new GZipStream(new MemoryStream(package), CompressionMode.Decompress));
        while (tar.GetNextEntry() is { } entry)
        {
            string name = entry.Name["package/".Length..];
            bool isWanted = name == "LICENSE"
                || (name.StartsWith("dist/", StringComparison.Ordinal) && RuntimeFiles.Concat(GpuFiles).Contains(name["dist/".Length..]));
            if (entry.DataStream is null || !isWanted)
                continue;
            byte[] bytes = new byte[entry.Length];
            entry.DataStream.ReadExactly(bytes);
            yield return ($"ort/{Path.GetFileName(name)}", bytes);
        }
    }
}
