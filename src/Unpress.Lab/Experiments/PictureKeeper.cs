using System.Collections.Concurrent;
using Unpress.Imaging;
using Unpress.Lab.Results;

namespace Unpress.Lab.Experiments;

/// <summary>Keeps a few of the pictures for the report, those that are not there yet.</summary>
internal sealed class PictureKeeper(LabSession session)
{
    public void KeepRaw(LabPicture picture, ImageBuffer image)
    {
        if (picture.Kept)
            Save(image, session.Folder.Raw(picture.Set, picture.Name));
    }

    public void Keep(LabPicture picture, PictureCompression compression, string enhancer, int cycle, ImageBuffer image)
    {
        if (picture.Kept && (cycle == 0 || session.Recipe.Keep.Cycles?.Contains(cycle) != false))
            Save(image, session.Folder.Picture(picture.Set, picture.Name, compression.Label, compression.Setting, enhancer, cycle));
    }

    private static void Save(ImageBuffer image, string path)
    {
        if (File.Exists(path))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ImageFile.Save(image, path);
    }
}

/// <summary>Has the measures of whole sets take their traces of pictures, where those are not there yet, and knows why one is missing.</summary>
internal sealed class TraceKeeper(LabFolder folder, IReadOnlyList<ISetMeasure> measures)
{
    private readonly ConcurrentDictionary<string, string> _faults = new();

    /// <summary>Where a trace lies, or would lie: that of the original is the same for all compressions.</summary>
    public string FileOf(ISetMeasure measure, Figure figure) => (figure.Enhancer == Figure.Raw
        ? folder.RawTrace(measure.Kind, figure.Set, figure.Picture)
        : folder.Trace(measure.Kind, figure.Set, figure.Picture, figure.Codec, figure.Setting, figure.Enhancer, figure.Cycle)) + measure.Extension;

    public bool AreThere(Figure figure) => measures.All(measure => File.Exists(FileOf(measure, figure)));

    /// <summary>One line; null where nothing went wrong in this run.</summary>
    public string? Fault(string file) => _faults.GetValueOrDefault(file);

    public void Keep(Figure figure, ImageBuffer image)
    {
        foreach (var measure in measures)
        {
            string file = FileOf(measure, figure);
            if (File.Exists(file))
                continue;
            try
            {
                byte[] trace = measure.Trace(image);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                AtomicFile.Write(file, temporary => File.WriteAllBytes(temporary, trace));
                _faults.TryRemove(file, out _);
            }
            catch (Exception error) when (UnpressException.Line(error) is { } reason)
            {
                _faults[file] = reason;
            }
        }
    }

    /// <summary>Says why there is no picture to take traces of.</summary>
    public void Fail(Figure figure, string reason)
    {
        foreach (var measure in measures)
            _faults[FileOf(measure, figure)] = reason;
    }
}
