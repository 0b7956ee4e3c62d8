using Unpress.Files;
using Unpress.Imaging;

namespace Unpress.Inference.Jobs;

/// <summary>What is to be enhanced, and where the results go.</summary>
public sealed record EnhanceJobOptions
{
    /// <summary>Files, folders, or "-" for standard input.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Inputs that were found before, such as those of a <see cref="FailureList"/>; they come first.</summary>
    public IReadOnlyList<InputFile> Found { get; init; } = [];

    /// <summary>Look into the folders below the given ones, too.</summary>
    public bool Recursive { get; init; }

    /// <summary>Which pictures of folders are meant.</summary>
    public InputSelection Selection { get; init; } = InputSelection.All;

    /// <summary>The part of the inputs that is this process's; null for all.</summary>
    public Shard? Shard { get; init; }

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

    /// <summary>Parts of the pictures that stay as they were; null for none.</summary>
    public Protection? Protect { get; init; }

    /// <summary>Enhance pictures, too, that say they have been.</summary>
    public bool Again { get; init; }

    /// <summary>Say of each picture whether its pixels show an earlier save (<see cref="Imaging.Jpeg.EarlierSave"/>), which takes 0.1 s.</summary>
    public bool LookForEarlierSaves { get; init; }

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

    /// <summary>
    /// Take up a run that was stopped, by the journals in the result folders: a result of the same input, model and settings is done, and one of others is
    /// made anew if it is as that run left it.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>
    /// Everything besides the input that a result depends on, in one line. Results are entered in the journals of their folders; null for
    /// none.
    /// </summary>
    public string? Settings { get; init; }

    /// <summary>Write a page beside each result that shows it against its input; see <see cref="Comparisons.ComparisonPage"/>.</summary>
    public bool Compare { get; init; }

    /// <summary>What reads and writes the pictures.</summary>
    public IPictureFiles Files { get; init; } = new DirectFiles();

    /// <summary>For one picture from its file to its result; null for none.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Pictures that may be read, and that may be written, while one is in the network.</summary>
    public int Ahead { get; init; } = Math.Clamp(Environment.ProcessorCount / 2, 2, 8);

    /// <summary>Bytes of pixels that may be in memory before the next picture waits. One picture may have more.</summary>
    public long AheadBytes { get; init; } = 256L << 20;
}
