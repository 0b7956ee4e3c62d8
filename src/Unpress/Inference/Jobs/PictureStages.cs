using System.Diagnostics;
using System.Globalization;
using Unpress.Comparisons;
using Unpress.Consistency;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Jpeg;
using Unpress.Imaging.Metadata;
using Unpress.Provenance;

namespace Unpress.Inference.Jobs;

/// <summary>
/// The three stages of a picture: it is read, goes through the network, and is written. Reading and writing may be done for several pictures at the
/// same time.
/// </summary>
internal sealed class PictureStages(EnhanceJobOptions options, OutputNames names, bool many, IEnhancer enhancer)
{
    private readonly OutputRoot _root = new(names.Folder);
    private readonly RecentJournals _journals = new();

    /// <summary>Reads a picture that is to be enhanced; of others it finds out what comes of them.</summary>
    public void Read(PictureWork work) => work.Do(many, cancellation =>
    {
        var input = work.Input;
        if (input.Fault is not null)
            return work.Failed(input.Bytes is null ? FailureCode.Folder : FailureCode.Name, input.Fault);
        string output = work.Output = names.For(work.Named, work.Candidate);
        work.Seed = work.Candidate is { } number ? options.Seed + (ulong)(number - 1) : null;
        // Of many pictures those whose results are there are done; one picture that goes nowhere is a failure. Both before the work.
        work.Hash = IsJournalled(input, output) ? EnhanceJournal.HashOf(input.Path) : null;
        work.Replace = options.Overwrite;
        if (output != InputFile.Standard)
            _root.Check(output);
        if (IsDone(work) is { } done)
            return done;
        var image = work.Source.Value.Load(options.Files, cancellation);
        if (names.For(image, output) is var place && place != output)
        {
            work.Output = place;
            if (IsDone(work) is { } doneThere)
                return doneThere;
        }

        if (ReasonToLeave(image) is { } reason)
        {
            string? passed = PassOn(work, image, cancellation);
            if (passed is not null)
                KeepDate(input, passed);
            return new EnhanceOutcome { Input = input.Path, Output = passed, LeftAlone = reason };
        }

        work.Image = image;
        work.Earlier = options.LookForEarlierSaves ? EarlierSave.Find(image) : null;
        work.Coefficients = CoefficientsOf(image, work.Source.Value.Name);
        work.Reference = LoadReference(input, cancellation);
        return null;
    });

    public void Enhance(PictureWork work, Action<TileProgress> progress) => work.Do(many, cancellation =>
    {
        var start = work.Elapsed;
        work.Restored = enhancer.Enhance(work.Image!, work.Seed is { } drawn ? new NoiseDraw(drawn) : null, done =>
        {
            work.Tiles = done.Total;
            progress(done);
        }, cancellation);
        options.Protect?.Apply(work.Image!, work.Restored);
        work.Enhancing = work.Elapsed - start;
        return null;
    });

    public void Write(PictureWork work) => work.Do(many, cancellation =>
    {
        var (input, output, image, restored) = (work.Input, work.Output, work.Image!, work.Restored!);
        var certificate = work.Coefficients is null ? null : ConsistentPicture.Apply(restored, work.Coefficients, options.Threads);
        var gain = work.Reference is null ? null : QualityGain.Measure(work.Reference, image, restored);
        cancellation.ThrowIfCancellationRequested();
        // Before signing: the note of the result is no loss, wherever it cannot be.
        string? note = NoteOf(image, output);
        Sign(restored, image, output);
        Save(work, restored, output, work.Replace, cancellation);
        KeepDate(input, output);
        string? comparison = Compare(work, image, restored);
        return new EnhanceOutcome
        {
            Input = input.Path,
            Output = output,
            Comparison = comparison,
            Seed = work.Seed,
            Width = image.Width,
            Height = image.Height,
            Note = note,
            Earlier = work.Earlier,
            Format = image.Metadata.SourceFormat,
            Jpeg = image.Metadata.Jpeg,
            Certificate = certificate,
            Tiles = work.Tiles,
            Elapsed = work.Elapsed,
            Enhancing = work.Enhancing,
            Gain = gain,
        };
    });

    /// <returns>The outcome where the result is there already; null where there is work.</returns>
    /// <exception cref="InvalidFileException">The only picture's place is taken.</exception>
    private EnhanceOutcome? IsDone(PictureWork work)
    {
        if (many && IsThere(work.Output))
        {
            var state = work.Hash is { } hash && options.Resume ? _journals.Of(work.Output).StateOf(work.Output, hash, options.Settings!) : ResultState.Foreign;
            if (state != ResultState.Outdated)
                return new EnhanceOutcome { Input = work.Input.Path, Skipped = SkipReason(work.Output, state) };
            work.Replace = true;
        }

        RefuseToReplace(work.Output, work.Replace);
        return null;
    }

    /// <returns>Where the page is; null for none.</returns>
    private string? Compare(PictureWork work, ImageBuffer image, ImageBuffer restored)
    {
        if (!options.Compare)
            return null;
        string page = Path.ChangeExtension(work.Output, ".compare.html");
        string before = image.Metadata.Jpeg is { } jpeg
            ? string.Create(CultureInfo.InvariantCulture, $"JPEG {image.Width}x{image.Height}, QF {jpeg.Quality.Quality}, {jpeg.SubsamplingText}")
            : $"{image.Metadata.SourceFormat} {image.Width}x{image.Height}";
        string text = ComparisonPage.Make(image, restored, Path.GetFileName(work.Input.Path), before, enhancer.Name, enhancer.Strength);
        AtomicFile.Write(page, temporary => File.WriteAllText(temporary, text), work.Replace);
        return page;
    }

    private string? NoteOf(ImageBuffer image, string output)
    {
        var format = options.Save.Format ?? (output == InputFile.Standard ? ImageFormat.Png : ImageFormats.FromExtension(output) ?? ImageFormat.Png);
        string losses = string.Join("; ", SavingLoss.Of(image, format, options.Save));
        return losses.Length > 0 ? losses : null;
    }

    /// <summary>Null when the results need not agree with their files.</summary>
    private JpegCoefficients? CoefficientsOf(ImageBuffer image, string name)
    {
        if (!options.Consistent)
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
        if (options.Again || ProvenanceNote.Find(image.Metadata) is not { } note)
            return null;
        string changed = note.Describes(image) == false ? " and changed since" : "";
        return $"enhanced already{changed} ({note}); left alone, --again enhances it";
    }

    /// <summary>
    /// The picture as it is, where somebody named a place for the result and waits for one: byte for byte, or in the format that was asked for.
    /// </summary>
    /// <returns>Where it is; null where no place was named.</returns>
    private string? PassOn(PictureWork work, ImageBuffer image, CancellationToken cancellation)
    {
        string output = work.Output;
        if (options.Output is null && output != InputFile.Standard)
            return null;
        var format = options.Save.Format ?? (output == InputFile.Standard ? null : ImageFormats.FromExtension(output));
        if (format is not null && ImageFormats.Name(format.Value) != image.Metadata.SourceFormat)
            Save(work, image, output, options.Overwrite, cancellation);
        else if (output == InputFile.Standard)
            WriteStandardOutput(work.Source.Value.Bytes());
        else
        {
            RefuseToReplace(output, options.Overwrite);
            AtomicFile.CreateFolderOf(output);
            AtomicFile.Write(
                output,
                temporary =>
                {
                    File.WriteAllBytes(temporary, work.Source.Value.Bytes());
                    Enter(work, temporary);
                },
                options.Overwrite);
        }

        return output;
    }

    private void KeepDate(InputFile input, string output)
    {
        if (options.KeepDates && !input.IsStandard && output != InputFile.Standard && File.Exists(input.Path))
            File.SetLastWriteTimeUtc(output, File.GetLastWriteTimeUtc(input.Path));
    }

    /// <summary>The result's note; none for a strength of 0, which does nothing.</summary>
    private void Sign(ImageBuffer restored, ImageBuffer source, string output)
    {
        if (enhancer.Strength > 0)
        {
            var stored = Stored.PixelsOf(restored, output, options.Save);
            ProvenanceNote.Of(enhancer.Name, enhancer.Strength, options.Consistent, source, stored).WriteTo(restored.Metadata);
        }
    }

    private ImageBuffer? LoadReference(InputFile input, CancellationToken cancellation)
    {
        if (options.Reference is not { } reference)
            return null;
        if (!Directory.Exists(reference))
            return options.Files.Load(reference, cancellation);
        string folder = Path.Combine(reference, Path.GetDirectoryName(input.RelativePath) ?? "");
        string stem = Path.GetFileNameWithoutExtension(input.RelativePath);
        string? file = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, stem + ".*").Order(StringComparer.Ordinal)
                .FirstOrDefault(path => Path.GetFileNameWithoutExtension(path) == stem && ImageFormats.FromExtension(path) is not null)
            : null;
        return file is null ? throw new InvalidFileException(input.Path, $"no picture called {stem} in {folder}") : options.Files.Load(file, cancellation);
    }

    private void Save(PictureWork work, ImageBuffer image, string output, bool replace, CancellationToken cancellation)
    {
        if (output == InputFile.Standard)
        {
            WriteStandardOutput(options.Files.Encode(image, options.Save, "standard output", cancellation));
            return;
        }

        RefuseToReplace(output, replace);
        AtomicFile.CreateFolderOf(output);
        options.Files.Save(image, output, options.Save, replace, temporary => Enter(work, temporary), cancellation);
    }

    private static void WriteStandardOutput(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var stream = Console.OpenStandardOutput();
            stream.Write(bytes);
        }
        catch (IOException error)
        {
            throw new InvalidFileException("standard output", $"cannot be written: {SystemFault.Reason(error)}", error, FailureCode.CannotWrite);
        }
    }

    private void RefuseToReplace(string output, bool replace)
    {
        if (!replace && IsThere(output))
            throw new InvalidFileException(output, AtomicFile.TakenReason, fault: FailureCode.Exists);
    }

    private bool IsJournalled(InputFile input, string output) =>
        options.Settings is not null && many && !input.IsStandard && output != InputFile.Standard && NativeFileKind.IsOrdinary(input.Path)
        && File.Exists(input.Path);

    private void Enter(PictureWork work, string written)
    {
        if (work.Hash is { } hash)
            EnhanceJournal.Enter(work.Output, written, options.Shard, hash, options.Settings!);
    }

    private string SkipReason(string output, ResultState state) => state switch
    {
        ResultState.Done => $"{output} is there already, of this very input and settings",
        _ when options.Resume => $"{output} is there already, and not as the journal says; --overwrite replaces it",
        _ => $"{output} is there already",
    };

    private bool IsThere(string output) => !options.Overwrite && output != InputFile.Standard && File.Exists(output);
}

/// <summary>The journals of the folders at work: one that was read is kept until some others have been.</summary>
internal sealed class RecentJournals
{
    private const int Most = 4;

    private readonly List<(string Folder, Lazy<EnhanceJournal> Journal)> _recent = [];

    /// <summary>As it was when the first result of its folder was looked up.</summary>
    public EnhanceJournal Of(string result)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(result))!;
        Lazy<EnhanceJournal>? journal;
        lock (_recent)
        {
            journal = _recent.FirstOrDefault(one => one.Folder == folder).Journal;
            if (journal is null)
            {
                journal = new Lazy<EnhanceJournal>(() => new EnhanceJournal(folder));
                _recent.Add((folder, journal));
                if (_recent.Count > Most)
                    _recent.RemoveAt(0);
            }
        }

        return journal.Value;
    }
}
