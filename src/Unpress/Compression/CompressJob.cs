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
            catch (Exception error) when (Reason(input, error) is not null)
            {
                failures[i] = new InputFault(input.Path, Reason(input, error)!);
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
        var image = CodecPixels.From(ImageFile.Load(input.Path), input.Path, _options.Gray);
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
    private static string? Reason(InputFile input, Exception error) => error switch
    {
        InvalidFileException file => file.Path == input.Path ? file.Reason : file.Message,
        IOException or UnauthorizedAccessException or NativeImageException or ProcessFailedException or InvalidDataException => error.Message,
        _ => null,
    };
}
