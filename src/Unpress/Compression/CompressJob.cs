using System.Runtime.ExceptionServices;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Colour;
using Unpress.Imaging.Processes;

namespace Unpress.Compression;

/// <summary>Compresses many pictures, several at a time. A picture that fails is reported; the others go on.</summary>
public sealed class CompressJob
{
    private readonly CompressOptions _options;
    private readonly OutputPlan _plan;
    private readonly List<InputFile> _inputs;
    private readonly List<InputFault> _faults;
    private readonly HashSet<string> _originals;

    /// <param name="output">A folder; or a file, when there is one input and it is a file and the name has an extension.</param>
    /// <exception cref="ArgumentException">The quality is outside the codec's range, or the output's extension is another format's.</exception>
    public CompressJob(IReadOnlyList<string> inputs, bool recursive, string output, CompressOptions options)
    {
        options.Validate();
        _options = options;
        _plan = new OutputPlan(output, inputs.Count == 1 && !Directory.Exists(inputs[0]), options);
        var found = InputFiles.Find(inputs, recursive);
        _inputs = [.. found.Where(input => input.Fault is null)];
        _faults = [.. found.Where(input => input.Fault is not null).Select(input => new InputFault(input.Path, input.Fault!))];
        _originals = [.. _inputs.Select(input => Path.GetFullPath(input.Path))];
    }

    /// <summary>How many pictures there are to do.</summary>
    public int Count => _inputs.Count;

    /// <summary>Writes the pictures and, in an output folder, the manifest that describes them.</summary>
    /// <param name="done">Called after each picture, from any thread.</param>
    /// <exception cref="MissingToolException">The codec cannot work on this machine.</exception>
    /// <exception cref="OperationCanceledException">Given up; what was finished stays, and the manifest lists it.</exception>
    public CompressResult Run(Action? done = null, CancellationToken cancellation = default)
    {
        string encoder = _options.Codec.Encoder;
        if (_plan.IsFolder)
            CompressManifest.Read(_plan.Folder); // a file that is in its way is better found before the work than after
        var pictures = new CompressedPicture?[Count];
        var failures = new InputFault?[Count];
        var owners = new Dictionary<string, int>();
        for (int i = 0; i < Count; i++)
            owners.TryAdd(_plan.For(_inputs[i]).Bitstream, i);
        void CompressOne(int i)
        {
            var input = _inputs[i];
            try
            {
                int owner = owners[_plan.For(input).Bitstream];
                if (owner != i)
                    throw new InvalidFileException(input.Path, $"its result would have the name of that of {_inputs[owner].Path}");
                pictures[i] = Compress(input, encoder, cancellation);
            }
            catch (Exception error) when (UnpressException.Line(error, input.Path) is not null)
            {
                failures[i] = new InputFault(input.Path, UnpressException.Line(error, input.Path)!);
            }

            done?.Invoke();
        }

        try
        {
            var degree = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
            Parallel.For(0, Count, degree, CompressOne);
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
        finally
        {
            if (_plan.IsFolder && pictures.Any(picture => picture is not null))
                CompressManifest.Merge(_plan.Folder, pictures.OfType<CompressedPicture>());
        }

        return new CompressResult([.. pictures.OfType<CompressedPicture>()], [.. _faults, .. failures.OfType<InputFault>()]);
    }

    private CompressedPicture Compress(InputFile input, string encoder, CancellationToken cancellation)
    {
        var paths = _plan.For(input);
        if (_options.Keep != Keep.Decoded)
            RefuseToReplace(paths.Bitstream, input);
        if (_options.Keep != Keep.Bitstream)
            RefuseToReplace(paths.Decoded, input);
        var original = ImageFile.Load(input.Path);
        var image = CodecPixels.From(original, input.Path, _options.Gray);
        var subsampling = _options.Subsampling ?? _options.Codec.Subsamplings[0];
        var encoded = _options.Codec.Encode(image, new CodecSettings(_options.Quality, subsampling), cancellation);
        var picture = new CompressedPicture
        {
            Input = input.RelativePath.Replace('\\', '/'),
            Width = image.Width,
            Height = image.Height,
            Codec = _options.Codec.Name,
            Quality = _options.Quality,
            Subsampling = image.Model == ColourModel.Gray ? null : CompressOptions.Name(subsampling),
            Encoder = encoder,
            Bytes = encoded.Bytes.LongLength,
            BitsPerPixel = encoded.BitsPerPixel,
            Sha256 = Hash(encoded.Bytes),
            Note = NoteOf(original, image),
        };
        AtomicFile.CreateFolderOf(paths.Bitstream);
        if (_options.Keep != Keep.Bitstream)
        {
            var decoded = _options.Codec.Decode(encoded.Bytes, cancellation);
            if (image.Model == ColourModel.Gray)
                decoded = PixelConversion.ToGray(decoded); // not every codec has gray
            ImageFile.Save(decoded, paths.Decoded);
            picture = picture with { Decoded = _plan.Relative(paths.Decoded), DecodedPixelsSha256 = Hash(decoded.Data) };
        }

        if (_options.Keep != Keep.Decoded)
        {
            AtomicFile.Write(paths.Bitstream, temporary => File.WriteAllBytes(temporary, encoded.Bytes));
            picture = picture with { Bitstream = _plan.Relative(paths.Bitstream) };
        }

        return picture;
    }

    /// <summary>What of the file was not compressed; null when all was.</summary>
    private static string? NoteOf(ImageBuffer original, ImageBuffer taken)
    {
        var said = original.Metadata.LeftOut.ToList();
        if (original.BitsPerSample > taken.BitsPerSample)
            said.Add($"{original.BitsPerSample} bits a sample became {taken.BitsPerSample}");
        return said.Count > 0 ? string.Join("; ", said) : null;
    }

    // No original is ever replaced, neither this one nor another of the same run, whatever the options say.
    private void RefuseToReplace(string output, InputFile input)
    {
        if (_originals.Contains(output))
            throw new InvalidFileException(input.Path, $"its result would replace the original {output}; choose another output folder");
        if (!_options.Overwrite && File.Exists(output))
            throw new InvalidFileException(input.Path, $"{output} exists; --overwrite replaces it");
    }

    private static string Hash(byte[] bytes) => Sha256.Of(bytes);

    // One line for what a picture, a disk or a codec can do wrong; null for what is our own mistake or the machine's.
}

/// <summary>All pictures of a <see cref="CompressJob"/>, in the order of the inputs, and the inputs that failed.</summary>
public sealed record CompressResult(IReadOnlyList<CompressedPicture> Pictures, IReadOnlyList<InputFault> Failures);

/// <summary>Which files a compression leaves behind.</summary>
public enum Keep
{
    /// <summary>The codec's own file.</summary>
    Bitstream,

    /// <summary>What a viewer would see, as PNG: for programs that cannot read the codec's own file.</summary>
    Decoded,

    Both,
}

/// <summary>Makes of any picture what codecs take: 8-bit gray or RGB without alpha.</summary>
internal static class CodecPixels
{
    /// <exception cref="InvalidFileException">CMYK, or really transparent: no codec here would keep that.</exception>
    public static ImageBuffer From(ImageBuffer image, string path, bool gray)
    {
        if (image.Model == ColourModel.Cmyk)
            throw new InvalidFileException(path, "is CMYK; convert it to RGB first");
        if (image.HasAlpha && !PixelConversion.IsOpaque(image))
            throw new InvalidFileException(path, "is transparent in places, which codecs for measuring do not keep; flatten it first");
        var plain = PixelConversion.ToEightBitColour(image);
        return gray ? PixelConversion.ToGray(plain) : plain;
    }
}

/// <summary>Where the results of one input go: absolute paths.</summary>
internal sealed record OutputPaths(string Bitstream, string Decoded);

/// <summary>
/// Decides where results go: beside each other in an output folder that mirrors the inputs' tree, or, for a single input file and an
/// output with an extension, exactly there.
/// </summary>
internal sealed class OutputPlan
{
    private readonly string _output;
    private readonly CompressOptions _options;

    public OutputPlan(string output, bool singleFile, CompressOptions options)
    {
        _output = Path.GetFullPath(output);
        _options = options;
        IsFolder = !singleFile || Directory.Exists(output) || Path.GetExtension(output).Length == 0;
        if (!IsFolder)
            CheckExtension();
    }

    /// <summary>False when the output names the one file to write.</summary>
    public bool IsFolder { get; }

    public string Folder => IsFolder ? _output : Path.GetDirectoryName(_output)!;

    public OutputPaths For(InputFile input)
    {
        string path = IsFolder ? Path.Combine(_output, input.RelativePath) : _output;
        string bitstream = IsFolder || _options.Keep == Keep.Decoded ? Path.ChangeExtension(path, _options.Codec.Extension) : path;
        return new OutputPaths(bitstream, Path.ChangeExtension(path, ".png"));
    }

    /// <summary>As the manifest writes it: below the folder, with forward slashes on every system.</summary>
    public string Relative(string path) => Path.GetRelativePath(Folder, path).Replace('\\', '/');

    private void CheckExtension()
    {
        string expected = _options.Keep == Keep.Decoded ? ".png" : _options.Codec.Extension;
        string given = Path.GetExtension(_output).ToLowerInvariant();
        if (given != expected && !(given == ".jpeg" && expected == ".jpg"))
            throw new ArgumentException($"this writes a {expected} file, and the output is called {Path.GetFileName(_output)}");
    }
}
