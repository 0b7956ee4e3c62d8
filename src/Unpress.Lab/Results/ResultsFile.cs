using System.Text;
using System.Text.Json;
using Unpress.Imaging;

namespace Unpress.Lab.Results;

/// <summary>
/// <c>results.jsonl</c>: one <see cref="Figure"/> a line, only ever added to. Each line is on the disk before the next is measured, so a run that was
/// killed has lost at most a half-written line, which is cut off when it goes on. Several threads may add.
/// </summary>
public sealed class ResultsFile : IDisposable
{
    private readonly FileStream _file;
    private readonly Dictionary<FigureKey, Figure> _figures;
    private readonly Lock _oneAtATime = new();

    private ResultsFile(FileStream file, Dictionary<FigureKey, Figure> figures) => (_file, _figures) = (file, figures);

    /// <summary>Opens the file to add to it, or begins one.</summary>
    /// <exception cref="InvalidFileException">A line that is not the last is no figure, or another process is writing to the file.</exception>
    public static ResultsFile Open(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new InvalidFileException(path, $"cannot be opened for writing: {SystemFault.Reason(error)}", error);
        }

        try
        {
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            int whole = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
            file.SetLength(whole);
            file.Position = whole;
            return new ResultsFile(file, Parse(Encoding.UTF8.GetString(bytes, 0, whole), path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The figures of a file in the order in which they were first written; of several with one key, the last. A half-written last line is
    /// left out.
    /// </summary>
    /// <exception cref="InvalidFileException">The file is missing, or a line is no figure.</exception>
    public static IReadOnlyList<Figure> Read(string path)
    {
        string text;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file, Encoding.UTF8);
            text = reader.ReadToEnd();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, $"cannot be read: {SystemFault.Reason(error)}", error);
        }

        return [.. Parse(text[..(text.LastIndexOf('\n') + 1)], path).Values];
    }

    /// <summary>The figure is there and has a value: it need not be measured again. Failed ones are.</summary>
    public bool Has(FigureKey key) => Find(key) is { Error: null };

    /// <summary>The same of a figure of a whole set, which must be of as many pictures.</summary>
    public bool Has(FigureKey key, int pictures) => Find(key) is { Error: null } figure && figure.Pictures == pictures;

    /// <summary>All figures as they are now.</summary>
    public IReadOnlyList<Figure> Figures()
    {
        lock (_oneAtATime)
            return [.. _figures.Values];
    }

    public void Add(Figure figure)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(figure, LabJson.Line), (byte)'\n'];
        lock (_oneAtATime)
        {
            _file.Write(line);
            _file.Flush();
            _figures[figure.Key()] = figure;
        }
    }

    public void Dispose() => _file.Dispose();

    private Figure? Find(FigureKey key)
    {
        lock (_oneAtATime)
            return _figures.GetValueOrDefault(key);
    }

    private static Dictionary<FigureKey, Figure> Parse(string text, string path)
    {
        var figures = new Dictionary<FigureKey, Figure>();
        int number = 0;
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            number++;
            try
            {
                var figure = JsonSerializer.Deserialize<Figure>(line, LabJson.Line)!;
                figures[figure.Key()] = figure;
            }
            catch (JsonException error)
            {
                throw new InvalidFileException(path, $"line {number} is no figure of this program; take it out or begin another run", error);
            }
        }

        return figures;
    }
}
