using System.CommandLine;
using Unpress.Evaluation;
using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Fid;

/// <summary>Sets of pictures from folders and files; the network is loaded when the first folder comes.</summary>
internal sealed class PictureSetReader(ParseResult parsed, bool clean, CancellationToken cancellation) : IDisposable
{
    private InceptionFeatures? _network;

    /// <summary>Whether a picture could not be read; it was named on standard error and left out.</summary>
    public bool Failed { get; private set; }

    public PictureSet Read(string path)
    {
        if (!Directory.Exists(path))
            return PictureSet.Read(path);
        var files = PictureFolder.Files(path);
        if (files.Count == 0)
            throw new InvalidFileException(path, "no pictures in this folder");
        if (files.Count == 1)
            throw new InvalidFileException(path, "one picture is no set: its features have no covariance; give two or more");
        var network = _network ??= new InceptionFeatures(clean);
        var set = new PictureSet(InceptionFeatures.Count);
        LongTask.Run(parsed, path, files.Count, step =>
        {
            foreach (string file in files)
            {
                cancellation.ThrowIfCancellationRequested();
                Add(set, network, file);
                step();
            }

            return set;
        });
        if (set.Statistics.Count < 2)
            throw new InvalidFileException(path, $"{set.Statistics.Count} of {files.Count} pictures can be read; a set needs two or more");
        return set;
    }

    public void Dispose() => _network?.Dispose();

    private void Add(PictureSet set, InceptionFeatures network, string file)
    {
        try
        {
            var image = ImageFile.Load(file);
            if (image.Model == ColourModel.Cmyk)
                throw new InvalidFileException(file, "CMYK pictures are not measured; convert it to RGB first");
            set.Add(network.Of(image));
        }
        catch (InvalidFileException error)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"unpress: {error.Message}");
            Failed = true;
        }
    }
}
