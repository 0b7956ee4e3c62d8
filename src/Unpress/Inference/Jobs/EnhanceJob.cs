using System.Diagnostics;
using System.Globalization;
using Unpress.Consistency;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Jpeg;
using Unpress.Imaging.Metadata;
using Unpress.Imaging.Processes;
using Unpress.Metrics;
using Unpress.Provenance;

namespace Unpress.Inference.Jobs;

/// <summary>Enhances many pictures, one after the other. One that fails is reported and the others go on.</summary>
public sealed class EnhanceJob
{
    private readonly EnhanceJobOptions _options;
    private readonly IReadOnlyList<InputFile> _inputs;
    private readonly OutputNames _names;
    private readonly bool _many;

    /// <exception cref="ArgumentException">The options contradict each other, or two results would have one name.</exception>
    public EnhanceJob(EnhanceJobOptions options)
    {
        options.Save.Validate();
        _options = options;
        _inputs = InputFiles.Find(options.Inputs, options.Recursive, OutputNames.ResultMark);
        _many = options.Inputs.Count > 1 || options.Inputs.Any(Directory.Exists);
        _names = new OutputNames(_inputs, options.Output, _many, options.Save.Format);
        if (options.Reference is { } reference && _many && !Directory.Exists(reference))
            throw new ArgumentException($"--reference {reference}: for several pictures it must be a folder");
        if (options.Candidates is < 1)
            throw new ArgumentException($"--candidates {options.Candidates}: 1 or more");
        if (options.Candidates is not null && WritesStandardOutput)
            throw new ArgumentException("--candidates: standard output holds one picture; name a folder with -o");
    }

    public IReadOnlyList<InputFile> Inputs => _inputs;

    /// <summary>True when a result goes to standard output.</summary>
    public bool WritesStandardOutput => _inputs.Any(input => _names.For(input) == InputFile.Standard);

    /// <summary>Results when nothing fails.</summary>
    public int ResultCount => _inputs.Count * (_options.Candidates ?? 1);

    /// <summary>
    /// One outcome for each result, as soon as it is there; nothing is done before it is asked for. Of an input that fails or is left alone
    /// no more is tried.
    /// </summary>
    /// <param name="progress">Told of each tile.</param>
    /// <exception cref="ArgumentException">Candidates of a network that has one answer.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the results so far stay, the one at work is not written.</exception>
    public IEnumerable<EnhanceOutcome> Run(IEnhancer enhancer, Action<InputFile, TileProgress>? progress, CancellationToken cancellation)
    {
        if (_options.Candidates is not null && !enhancer.HasCandidates)
            throw new ArgumentException($"--candidates: the model {enhancer.Name} has one answer for a picture, it takes no noise");
        foreach (var input in _inputs)
        {
            var file = new Lazy<InputSource>(() => InputSource.Of(input)); // standard input can be read once
            for (int k = 1; k <= (_options.Candidates ?? 1); k++)
            {
                cancellation.ThrowIfCancellationRequested();
                var outcome = Try(input, _options.Candidates is null ? null : k, file, enhancer, progress, cancellation);
                yield return outcome;
                if (outcome.Error is not null || outcome.LeftAlone is not null)
                    break;
            }
        }
    }

    private EnhanceOutcome Try(
        InputFile input, int? candidate, Lazy<InputSource> file, IEnhancer enhancer,
        Action<InputFile, TileProgress>? progress, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        if (_options.TimeLimit is { } time)
            limit.CancelAfter(time);
        try
        {
            return input.Fault is null
                ? Enhance(input, candidate, file, enhancer, progress, limit.Token)
                : new EnhanceOutcome { Input = input.Path, Error = input.Fault };
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new EnhanceOutcome { Input = input.Path, Error = string.Create(CultureInfo.InvariantCulture, $"took longer than {_options.TimeLimit!.Value.TotalSeconds:0.###} s (--time-limit)") };
        }
        catch (InvalidFileException taken) when (_many && taken.Reason == AtomicFile.TakenReason && taken.Path != input.Path)
        {
            // Another process was faster.
            return new EnhanceOutcome { Input = input.Path, Skipped = $"{taken.Path} is there already" };
        }
        catch (Exception error) when (ReasonOf(error, input) is { } reason)
        {
            return new EnhanceOutcome { Input = input.Path, Error = reason };
        }
    }

    /// <param name="candidate">From 1; null for a network's one answer.</param>
    private EnhanceOutcome Enhance(
        InputFile input, int? candidate, Lazy<InputSource> file, IEnhancer enhancer,
        Action<InputFile, TileProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        string output = _names.For(input, candidate);
        ulong? seed = candidate is { } number ? _options.Seed + (ulong)(number - 1) : null;
        // Of many pictures those whose results are there are done; one picture that goes nowhere is a failure. Both before the work.
        if (_many && IsThere(output))
            return new EnhanceOutcome { Input = input.Path, Skipped = $"{output} is there already" };
        RefuseToReplace(output);
        var image = file.Value.Load(_options.Files, cancellation);
        if (ReasonToLeave(image) is { } reason)
        {
            string? place = PassOn(image, file.Value, output, cancellation);
            if (place is not null)
                KeepDate(input, place);
            return new EnhanceOutcome { Input = input.Path, Output = place, LeftAlone = reason };
        }

        var coefficients = CoefficientsOf(image, file.Value.Name);
        var reference = LoadReference(input, cancellation);
        int tiles = 0;
        var start = clock.Elapsed;
        var restored = enhancer.Enhance(image, seed is { } drawn ? new NoiseDraw(drawn) : null, done =>
        {
            tiles = done.Total;
            progress?.Invoke(input, done);
        }, cancellation);
        var enhancing = clock.Elapsed - start;
        var certificate = coefficients is null ? null : ConsistentPicture.Apply(restored, coefficients, _options.Threads);
        var gain = reference is null ? null : QualityGain.Measure(reference, image, restored);
        cancellation.ThrowIfCancellationRequested();
        Sign(restored, image, enhancer, output);
        Save(restored, output, cancellation);
        KeepDate(input, output);
        return new EnhanceOutcome
        {
            Input = input.Path,
            Output = output,
            Seed = seed,
            Width = image.Width,
            Height = image.Height,
            Note = NoteOf(image, output),
            Format = image.Metadata.SourceFormat,
            Jpeg = image.Metadata.Jpeg,
            Certificate = certificate,
            Tiles = tiles,
            Elapsed = clock.Elapsed,
            Enhancing = enhancing,
            Gain = gain,
        };
    }

    private string? NoteOf(ImageBuffer image, string output)
    {
        var format = _options.Save.Format ?? (output == InputFile.Standard ? ImageFormat.Png : ImageFormats.FromExtension(output) ?? ImageFormat.Png);
        string losses = string.Join("; ", SavingLoss.Of(image.Metadata, format, _options.Save));
        return losses.Length > 0 ? losses : null;
    }

    /// <summary>Null when the results need not agree with their files.</summary>
    private JpegCoefficients? CoefficientsOf(ImageBuffer image, string name)
    {
        if (!_options.Consistent)
            return null;
        return ConsistentPicture.Obstacle(image.Metadata.Jpeg) is { } obstacle
            ? throw new InvalidFileException(name, $"{obstacle}; leave --consistent out")
            : JpegCoefficients.Read(image.Metadata.JpegFile, name);
    }

    /// <summary>Why the picture shall stay as it is; null when it shall not.</summary>
    private string? ReasonToLeave(ImageBuffer image)
    {
        if (_options.Again || ProvenanceNote.Find(image.Metadata) is not { } note)
            return null;
        string changed = note.Describes(image) == false ? " and changed since" : "";
        return $"enhanced already{changed} ({note}); left alone, --again enhances it";
    }

    /// <summary>
    /// The picture as it is, where somebody named a place for the result and waits for one: byte for byte, or in the format that was asked for.
    /// </summary>
    /// <returns>Where it is; null where no place was named.</returns>
    private string? PassOn(ImageBuffer image, InputSource source, string output, CancellationToken cancellation)
    {
        if (_options.Output is null && output != InputFile.Standard)
            return null;
        var format = _options.Save.Format ?? (output == InputFile.Standard ? null : ImageFormats.FromExtension(output));
        if (format is not null && ImageFormats.Name(format.Value) != image.Metadata.SourceFormat)
            Save(image, output, cancellation);
        else if (output == InputFile.Standard)
            WriteStandardOutput(source.Bytes());
        else
        {
            RefuseToReplace(output);
            AtomicFile.CreateFolderOf(output);
            AtomicFile.Write(output, temporary => File.WriteAllBytes(temporary, source.Bytes()), _options.Overwrite);
        }

        return output;
    }

    private void KeepDate(InputFile input, string output)
    {
        if (_options.KeepDates && !input.IsStandard && output != InputFile.Standard && File.Exists(input.Path))
            File.SetLastWriteTimeUtc(output, File.GetLastWriteTimeUtc(input.Path));
    }

    /// <summary>The result's note; none for a strength of 0, which does nothing.</summary>
    private void Sign(ImageBuffer restored, ImageBuffer source, IEnhancer enhancer, string output)
    {
        if (enhancer.Strength > 0)
        {
            var stored = Stored.PixelsOf(restored, output, _options.Save);
            ProvenanceNote.Of(enhancer.Name, enhancer.Strength, _options.Consistent, source, stored).WriteTo(restored.Metadata);
        }
    }

    private ImageBuffer? LoadReference(InputFile input, CancellationToken cancellation)
    {
        if (_options.Reference is not { } reference)
            return null;
        if (!Directory.Exists(reference))
            return _options.Files.Load(reference, cancellation);
        string folder = Path.Combine(reference, Path.GetDirectoryName(input.RelativePath) ?? "");
        string stem = Path.GetFileNameWithoutExtension(input.RelativePath);
        string? file = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, stem + ".*").Order(StringComparer.Ordinal)
                .FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == stem && ImageFormats.FromExtension(path) is not null)
            : null;
        return file is null ? throw new InvalidFileException(input.Path, $"no picture called {stem} in {folder}") : _options.Files.Load(file, cancellation);
    }

    private void Save(ImageBuffer image, string output, CancellationToken cancellation)
    {
        if (output == InputFile.Standard)
        {
            WriteStandardOutput(_options.Files.Encode(image, _options.Save, "standard output", cancellation));
            return;
        }

        RefuseToReplace(output);
        AtomicFile.CreateFolderOf(output);
        _options.Files.Save(image, output, _options.Save, _options.Overwrite, cancellation);
    }

    private static void WriteStandardOutput(ReadOnlySpan<byte> bytes)
    {
        using var stream = Console.OpenStandardOutput();
        stream.Write(bytes);
    }

    private void RefuseToReplace(string output)
    {
        if (IsThere(output))
            throw new InvalidFileException(output, AtomicFile.TakenReason);
    }

    private bool IsThere(string output) => !_options.Overwrite && output != InputFile.Standard && File.Exists(output);

    /// <summary>What to tell of a failure, without the input's name; null for defects of ours, which must be seen.</summary>
    private static string? ReasonOf(Exception error, InputFile input) => error switch
    {
        InvalidFileException invalid => invalid.Path == input.Path ? invalid.Reason : invalid.Message,
        BrokenOutputException or UnsuitablePictureException or IncomparableException or ModelException or ProcessFailedException or NativeImageException => error.Message,
        OutOfMemoryException => "not enough memory for this picture",
        IOException or UnauthorizedAccessException => error.Message,
        _ => null,
    };
}

/// <summary>What an <see cref="InputFile"/> names: a file, read as often as it is asked for, or standard input or another pipe, which can be read once.</summary>
/// <param name="Name">What error messages call it.</param>
/// <param name="Held">The bytes of a pipe; null for a file.</param>
internal sealed record InputSource(string Name, byte[]? Held)
{
    public static InputSource Of(InputFile input)
    {
        bool isPipe = !input.IsStandard && NativeFileKind.IsPipe(input.Path);
        if (!input.IsStandard && !isPipe)
            return new InputSource(input.Path, null);
        string name = isPipe ? input.Path : "standard input";
        using var stream = isPipe ? File.OpenRead(input.Path) : Console.OpenStandardInput();
        return new InputSource(name, ImageFile.ReadBytes(stream, name));
    }

    /// <exception cref="InvalidFileException">Not a readable picture.</exception>
    public ImageBuffer Load(IPictureFiles files, CancellationToken cancellation) =>
        Held is null ? files.Load(Name, cancellation) : files.Load(Held, Name, cancellation);

    public byte[] Bytes() => Held ?? File.ReadAllBytes(Name);
}

/// <summary>Where each result goes. No two results of one run share a name.</summary>
internal sealed class OutputNames
{
    /// <summary>The end of a result's name, before the extension, when it is written beside its input.</summary>
    public const string ResultMark = ".unpress";

    private readonly string? _output;
    private readonly bool _isFolder;
    private readonly string _extension;
    private readonly HashSet<string> _clashing;

    /// <param name="output">A file, a folder (existing, or with a slash at its end, or for several inputs), "-", or null: beside each input.</param>
    /// <exception cref="ArgumentException">One output file for several inputs.</exception>
    public OutputNames(IReadOnlyList<InputFile> inputs, string? output, bool manyInputs, ImageFormat? format)
    {
        _output = output;
        _isFolder = output is not null && output != InputFile.Standard
            && (manyInputs || Directory.Exists(output) || Path.EndsInDirectorySeparator(output));
        if (manyInputs && (output == InputFile.Standard || (output is not null && File.Exists(output))))
            throw new ArgumentException($"several pictures cannot go to one output, {output}: name a folder");
        _extension = ImageFormats.Extension(format ?? ImageFormat.Png);
        _clashing = [.. inputs.Where(input => !input.IsStandard).GroupBy(input => Stem(Plain(input)), StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1).SelectMany(group => group.Select(input => input.Path))];
        var twice = inputs.Where(input => !input.IsStandard).GroupBy(input => For(input), StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null && (_output is null || _isFolder))
            throw new ArgumentException($"{string.Join(" and ", twice.Select(input => input.Path))} would both become {twice.Key}: give them one after the other, with a folder each");
    }

    /// <summary>The path of the result; "-" for standard output.</summary>
    /// <param name="candidate">The number at the end of the name; null for none.</param>
    public string For(InputFile input, int? candidate = null)
    {
        string number = candidate is { } counted ? string.Create(CultureInfo.InvariantCulture, $"-{counted}") : "";
        if (_output is not null && !_isFolder)
            return _output == InputFile.Standard ? _output : Stem(_output) + number + Path.GetExtension(_output);
        if (input.IsStandard)
            return _isFolder ? Path.Combine(_output!, "stdin" + number + _extension) : InputFile.Standard;
        string plain = Plain(input);
        // photo.jpg and photo.png would both become photo.png: they keep their extension before the new one.
        string name = (_clashing.Contains(input.Path) ? plain : Stem(plain)) + number;
        return (_isFolder ? name : name + ResultMark) + _extension;
    }

    private string Plain(InputFile input) => _isFolder ? Path.Combine(_output!, input.RelativePath) : input.Path;

    private static string Stem(string path) => Path.Combine(Path.GetDirectoryName(path) ?? "", Path.GetFileNameWithoutExtension(path));
}

/// <summary>What is to be enhanced, and where the results go.</summary>
public sealed record EnhanceJobOptions
{
    /// <summary>Files, folders, or "-" for standard input.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Look into the folders below the given ones, too.</summary>
    public bool Recursive { get; init; }

    /// <summary>A file, a folder, or "-"; null for beside each input, as name.unpress.png.</summary>
    public string? Output { get; init; }

    /// <summary>Replace results that are there.</summary>
    public bool Overwrite { get; init; }

    /// <summary>An undamaged original, or a folder of them with the inputs' names: the gain is measured.</summary>
    public string? Reference { get; init; }

    /// <summary>Move each result into the quantisation cells of its JPEG; pictures that come from no JPEG fail.</summary>
    public bool Consistent { get; init; }

    /// <summary>Threads for that; null for one a processor. A model has its own.</summary>
    public int? Threads { get; init; }

    /// <summary>Enhance pictures, too, that say they have been.</summary>
    public bool Again { get; init; }

    /// <summary>Give each result file the date of its input file.</summary>
    public bool KeepDates { get; init; } = true;

    /// <summary>
    /// How many answers of a one-to-many network to write for each picture, numbered from 1 at the end of their names; null for the one answer
    /// without noise, which has no number.
    /// </summary>
    public int? Candidates { get; init; }

    /// <summary>The first candidate's seed; each further one has the next. The same seed gives the same picture again.</summary>
    public ulong Seed { get; init; } = 1;

    public SaveOptions Save { get; init; } = new();

    /// <summary>What reads and writes the pictures.</summary>
    public IPictureFiles Files { get; init; } = new DirectFiles();

    /// <summary>For one picture from its file to its result; null for none.</summary>
    public TimeSpan? TimeLimit { get; init; }
}
