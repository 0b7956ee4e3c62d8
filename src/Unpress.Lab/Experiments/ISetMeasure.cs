using Unpress.Imaging;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Measures whole sets: each picture leaves a trace, a small file in the run's folder, and the traces of all pictures together give the figures.
/// So a run that was stopped need not enhance anything again.
/// </summary>
internal interface ISetMeasure : IDisposable
{
    /// <summary>Folder of its traces.</summary>
    string Kind { get; }

    /// <summary>Of the files of its traces, with the dot.</summary>
    string Extension { get; }

    IReadOnlyList<SetColumn> Columns { get; }

    /// <summary>What must be remembered of a picture, as a file. Called from several threads at once.</summary>
    byte[] Trace(ImageBuffer image);

    /// <summary>Why a picture cannot count, one line; null where it can.</summary>
    string? Lacks(string column, string set, string picture) => null;

    /// <param name="column">One of <see cref="Columns"/>.</param>
    /// <param name="pictures">Those that left traces, one or more.</param>
    /// <returns>Null where these pictures have nothing of the kind: no figure at all.</returns>
    /// <exception cref="Metrics.IncomparableException">They are too few, or nothing of this kind.</exception>
    double? Measure(string column, IReadOnlyList<TracedPicture> pictures);
}
