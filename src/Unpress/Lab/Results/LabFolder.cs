using System.Globalization;
using System.Text.Json;
using Unpress.Imaging;

namespace Unpress.Lab.Results;

/// <summary>The folder an experiment leaves behind, and the names in it.</summary>
public sealed class LabFolder(string path)
{
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The figures, one a line: <see cref="ResultsFile"/>.</summary>
    public string Results => In("results.jsonl");

    /// <summary>How they came about: <see cref="RunFacts"/>.</summary>
    public string Facts => In("run.json");

    /// <summary>Folder of the pictures kept for the report.</summary>
    public string Pictures => In("pictures");

    /// <summary>Where the original of a picture is kept, if it is: a PNG.</summary>
    public string Raw(string set, string picture) => System.IO.Path.Combine(Of(set, picture), "raw.png");

    /// <summary>Where a compressed (cycle 0, whatever the enhancer) or enhanced picture is kept, if it is: a PNG.</summary>
    public string Picture(string set, string picture, string codec, int? setting, string enhancer, int cycle)
    {
        string compression = System.IO.Path.Combine(Of(set, picture), Name(Invariant($"{codec}{(setting is null ? "" : "-")}{setting}")));
        return cycle == 0
            ? System.IO.Path.Combine(compression, "compressed.png")
            : System.IO.Path.Combine(compression, Name(enhancer), Invariant($"cycle-{cycle:D2}.png"));
    }

    /// <exception cref="InvalidFileException">There is none, or it is something else.</exception>
    public RunFacts ReadFacts()
    {
        try
        {
            return JsonSerializer.Deserialize<RunFacts>(File.ReadAllBytes(Facts), LabJson.Document)!;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(Path, "is no folder of an experiment: it has no run.json", error);
        }
        catch (JsonException error)
        {
            throw new InvalidFileException(Facts, $"is not what this program writes: {error.Message}", error);
        }
    }

    public void Write(RunFacts facts) =>
        AtomicFile.Write(Facts, temporary => File.WriteAllText(temporary, JsonSerializer.Serialize(facts, LabJson.Document) + "\n"));

    private string Of(string set, string picture) => System.IO.Path.Combine(Pictures, Name(set), Name(picture));

    /// <summary>Letters, digits, dots, dashes and underscores stay; anything else becomes a dash.</summary>
    private static string Name(string text) =>
        string.Concat(text.Select(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '-')).TrimStart('.');

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}
