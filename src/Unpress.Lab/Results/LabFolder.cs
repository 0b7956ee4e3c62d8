using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
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
    public string Raw(string set, string picture) => Raw(Pictures, set, picture) + ".png";

    /// <summary>Where a compressed (cycle 0, whatever the enhancer) or enhanced picture is kept, if it is: a PNG.</summary>
    public string Picture(string set, string picture, string codec, int? setting, string enhancer, int cycle) =>
        Made(Pictures, set, picture, codec, setting, enhancer, cycle) + ".png";

    /// <summary>Where a measure of whole sets keeps what it must remember of an original; the file's extension is the measure's business.</summary>
    internal string RawTrace(string kind, string set, string picture) => Raw(Traces(kind), set, picture);

    /// <summary>The same of a compressed (cycle 0, whatever the enhancer) or enhanced picture.</summary>
    internal string Trace(string kind, string set, string picture, string codec, int? setting, string enhancer, int cycle) =>
        Made(Traces(kind), set, picture, codec, setting, enhancer, cycle);

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

    private string Traces(string kind) => System.IO.Path.Combine(In("traces"), Name(kind));

    private static string Raw(string root, string set, string picture) => System.IO.Path.Combine(root, Name(set), Name(picture), "raw");

    private static string Made(string root, string set, string picture, string codec, int? setting, string enhancer, int cycle)
    {
        string compression = System.IO.Path.Combine(root, Name(set), Name(picture), Name(Invariant($"{codec}{(setting is null ? "" : "-")}{setting}")));
        return cycle == 0
            ? System.IO.Path.Combine(compression, "compressed")
            : System.IO.Path.Combine(compression, Name(enhancer), Invariant($"cycle-{cycle:D2}"));
    }

    /// <summary>
    /// Letters, digits, dots, dashes and underscores stay; anything else becomes a dash, and such a name ends in some of its hash: "a b" and "a/b" are two
    /// files, neither of them that of "a-b".
    /// </summary>
    private static string Name(string text)
    {
        string name = string.Concat(text.Select(letter => char.IsLetterOrDigit(letter) || letter is '.' or '-' or '_' ? letter : '-')).TrimStart('.');
        return name == text ? name : $"{name}-{Sha256.Of(Encoding.UTF8.GetBytes(text))[..6]}";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private string In(string name) => System.IO.Path.Combine(Path, name);
}

/// <summary>How the files of a run write JSON: camelCase, absent members left out, infinity as the string "Infinity".</summary>
internal static class LabJson
{
    public static JsonSerializerOptions Line { get; } = Options(indented: false);

    public static JsonSerializerOptions Document { get; } = Options(indented: true);

    private static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
