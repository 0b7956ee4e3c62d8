using System.Diagnostics;
using System.Globalization;
using Unpress.Comparisons;
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
    private readonly Dictionary<string, EnhanceJournal> _journals = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">The options contradict each other, or two results would have one name.</exception>
    public EnhanceJob(EnhanceJobOptions options)
    {
        options.Save.Validate();
        _options = options;
        _inputs = [.. options.Found.Concat(InputFiles.Find(options.Inputs, options.Recursive, OutputNames.ResultMark)).DistinctBy(input => input.Path)];
        _many = options.Found.Count > 0 || options.Inputs.Count > 1 || options.Inputs.Any(Directory.Exists);
        _names = new OutputNames(_inputs, options.Output, _many, options.Save.Format);
        if (options.Reference is { } reference && _many && !Directory.Exists(reference))
            throw new ArgumentException($"--reference {reference}: for several pictures it must be a folder");
        if (options.Candidates is < 1)
            throw new ArgumentException($"--candidates {options.Candidates}: 1 or more");
        if (options.Compare && WritesStandardOutput)
            throw new ArgumentException("--compare: beside standard output there is no place for a page; name a file with -o");
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
                : Failed(input, FailureCode.Folder, input.Fault);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Failed(
                input, FailureCode.TimeLimit, string.Create(
                    CultureInfo.InvariantCulture, $"took longer than {_options.TimeLimit!.Value.TotalSeconds:0.###} s (--time-limit)"));
        }
        catch (InvalidFileException taken) when (_many && taken.Reason == AtomicFile.TakenReason && taken.Path != input.Path)
        {
            // Another process was faster.
            return new EnhanceOutcome { Input = input.Path, Skipped = $"{taken.Path} is there already" };
        }
        catch (Exception error) when (ReasonOf(error, input) is { } reason)
        {
            return Failed(input, CodeOf(error), reason);
        }
    }

    private static EnhanceOutcome Failed(InputFile input, FailureCode code, string reason) =>
        new() { Input = input.Path, RelativePath = input.RelativePath, Code = code, Error = reason };

    /// <param name="candidate">From 1; null for a network's one answer.</param>
    private EnhanceOutcome Enhance(
        InputFile input, int? candidate, Lazy<InputSource> file, IEnhancer enhancer,
        Action<InputFile, TileProgress>? progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        string output = _names.For(input, candidate);
        ulong? seed = candidate is { } number ? _options.Seed + (ulong)(number - 1) : null;
        // Of many pictures those whose results are there are done; one picture that goes nowhere is a failure. Both before the work.
        string? hash = IsJournalled(input, output) ? EnhanceJournal.HashOf(input.Path) : null;
        bool replace = _options.Overwrite;
        if (IsDone(output, hash, ref replace) is { } done)
            return new EnhanceOutcome { Input = input.Path, Skipped = done };
        var image = file.Value.Load(_options.Files, cancellation);
        if (_names.For(image, output) is var place && place != output)
        {
            output = place;
            if (IsDone(output, hash, ref replace) is { } doneThere)
                return new EnhanceOutcome { Input = input.Path, Skipped = doneThere };
        }

        if (ReasonToLeave(image) is { } reason)
        {
            string? passed = PassOn(image, file.Value, output, cancellation);
            if (passed is not null)
                KeepDate(input, passed);
            if (passed is not null && hash is not null)
                JournalOf(passed).Enter(passed, hash, _options.Settings!);
            return new EnhanceOutcome { Input = input.Path, Output = passed, LeftAlone = reason };
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
        Save(restored, output, replace, cancellation);
        KeepDate(input, output);
        string? comparison = Compare(input, image, restored, output, enhancer, replace);
        if (hash is not null)
            JournalOf(output).Enter(output, hash, _options.Settings!);
        return new EnhanceOutcome
        {
            Input = input.Path,
            Output = output,
            Comparison = comparison,
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

    /// <returns>Why nothing is to be done, where the result is there already; null where there is work.</returns>
    /// <exception cref="InvalidFileException">The only picture's place is taken.</exception>
    private string? IsDone(string output, string? hash, ref bool replace)
    {
        if (_many && IsThere(output))
        {
            var state = hash is not null && _options.Resume ? JournalOf(output).StateOf(output, hash, _options.Settings!) : ResultState.Foreign;
            if (state != ResultState.Outdated)
                return SkipReason(output, state);
            replace = true;
        }

        RefuseToReplace(output, replace);
        return null;
    }

    /// <returns>Where the page is; null for none.</returns>
    private string? Compare(InputFile input, ImageBuffer image, ImageBuffer restored, string output, IEnhancer enhancer, bool replace)
    {
        if (!_options.Compare)
            return null;
        string page = Path.ChangeExtension(output, ".compare.html");
        string before = image.Metadata.Jpeg is { } jpeg
            ? string.Create(CultureInfo.InvariantCulture, $"JPEG {image.Width}x{image.Height}, QF {jpeg.Quality.Quality}, {jpeg.SubsamplingText}")
            : $"{image.Metadata.SourceFormat} {image.Width}x{image.Height}";
        string text = ComparisonPage.Make(image, restored, Path.GetFileName(input.Path), before, enhancer.Name, enhancer.Strength);
        AtomicFile.Write(page, temporary => File.WriteAllText(temporary, text), replace);
        return page;
    }

    private string? NoteOf(ImageBuffer image, string output)
    {
        var format = _options.Save.Format ?? (output == InputFile.Standard ? ImageFormat.Png : ImageFormats.FromExtension(output) ?? ImageFormat.Png);
        string losses = string.Join("; ", SavingLoss.Of(image, format, _options.Save));
        return losses.Length > 0 ? losses : null;
    }

    /// <summary>Null when the results need not agree with their files.</summary>
    private JpegCoefficients? CoefficientsOf(ImageBuffer image, string name)
    {
        if (!_options.Consistent)
            return null;
        if (ConsistentPicture.Obstacle(image.Metadata.Jpeg) is { } obstacle)
            throw new InvalidFileException(name, $"{obstacle}; leave --consistent out", fault: FailureCode.Unsupported);
        var coefficients = JpegCoefficients.Read(image.Metadata.JpegFile, name);
        return coefficients.IsWhole
            ? coefficients
            : throw new InvalidFileException(
                name, "scans are missing: of what they would have said nothing can be proved; leave --consistent out", fault: FailureCode.Damaged);
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
            Save(image, output, _options.Overwrite, cancellation);
        else if (output == InputFile.Standard)
            WriteStandardOutput(source.Bytes());
        else
        {
            RefuseToReplace(output, _options.Overwrite);
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

    private void Save(ImageBuffer image, string output, bool replace, CancellationToken cancellation)
    {
        if (output == InputFile.Standard)
        {
            WriteStandardOutput(_options.Files.Encode(image, _options.Save, "standard output", cancellation));
            return;
        }

        RefuseToReplace(output, replace);
        AtomicFile.CreateFolderOf(output);
        _options.Files.Save(image, output, _options.Save, replace, cancellation);
    }

    private static void WriteStandardOutput(ReadOnlySpan<byte> bytes)
    {
        using var stream = Console.OpenStandardOutput();
        stream.Write(bytes);
    }

    private void RefuseToReplace(string output, bool replace)
    {
        if (!replace && IsThere(output))
            throw new InvalidFileException(output, AtomicFile.TakenReason, fault: FailureCode.Exists);
    }

    private bool IsJournalled(InputFile input, string output) =>
        _options.Settings is not null && _many && !input.IsStandard && output != InputFile.Standard && NativeFileKind.IsOrdinary(input.Path)
            && File.Exists(input.Path);

    private EnhanceJournal JournalOf(string output)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(output))!;
        return _journals.TryGetValue(folder, out var journal) ? journal : _journals[folder] = new EnhanceJournal(folder);
    }

    private string SkipReason(string output, ResultState state) => state switch
    {
        ResultState.Done => $"{output} is there already, of this very input and settings",
        _ when _options.Resume => $"{output} is there already, and not as the journal says; --overwrite replaces it",
        _ => $"{output} is there already",
    };

    private bool IsThere(string output) => !_options.Overwrite && output != InputFile.Standard && File.Exists(output);

    private static FailureCode CodeOf(Exception error) => error switch
    {
        InvalidFileException invalid => invalid.Fault,
        OutOfMemoryException => FailureCode.Memory,
        UnauthorizedAccessException => FailureCode.NoPermission,
        ProcessFailedException => FailureCode.Program,
        UnsuitablePictureException or IncomparableException => FailureCode.Unsupported,
        BrokenOutputException or ModelException => FailureCode.Model,
        _ => FailureCode.Unusable,
    };

    /// <summary>What to tell of a failure, without the input's name; null for defects of ours, which must be seen.</summary>
    private static string? ReasonOf(Exception error, InputFile input)
        => error is OutOfMemoryException ? "not enough memory for this picture" : UnpressException.Line(error, input.Path);
}
