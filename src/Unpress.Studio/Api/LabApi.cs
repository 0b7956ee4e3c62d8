using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Unpress.Studio.Jobs;
using Unpress.Studio.Lab;

namespace Unpress.Studio.Api;

/// <summary>A picture that a training made at a validation.</summary>
/// <param name="File">Its name, for /v1/lab/sample.</param>
/// <param name="Setting">What it was compressed with, such as qf20; "" for the original.</param>
/// <param name="Step">Null for the original and for the picture as it was compressed.</param>
public sealed record LabSample(string File, string Setting, long? Step);

/// <summary>A training.</summary>
/// <param name="Recipe">As it was run; null where there is none.</param>
/// <param name="Done">Whether weights have been written that can be used.</param>
public sealed record LabRunView(
    string Path, DateTimeOffset Changed, string? Recipe, bool Done, IReadOnlyList<LabSeries> Curves, IReadOnlyList<LabSample> Samples);

/// <summary>A window on trainings and on reports of experiments. Read only.</summary>
internal static partial class LabApi
{
    private const int LargestText = 4 << 20;

    private const string Samples = "samples";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/lab").WithTags("Laboratory");
        group.MapGet("", (LabShelf shelf) => TypedResults.Ok(shelf.Find())).WithName("lab")
            .WithSummary("Trainings, reports and model cards below the folder that the studio was started with.").Produces<Problem>(404);
        group.MapGet("/run", (string path, LabShelf shelf) => TypedResults.Ok(View(path, shelf))).WithName("labRun")
            .WithSummary("A training: its recipe, its curves and what it made of a sample.").Produces<Problem>(404);
        group.MapGet("/sample", (string path, string file, LabShelf shelf) => NameOfSample().IsMatch(file)
                ? TypedResults.PhysicalFile(shelf.File(path, Samples, file), "image/png")
                : throw new StudioException(404, "there is no such sample")).WithName("labSample")
            .WithSummary("One of its samples.").Produces<byte[]>(200, "image/png");
        group.MapGet("/report", (string path, string page, LabShelf shelf) => LabShelf.IsPage(page) && !page.Contains('/', StringComparison.Ordinal)
                ? TypedResults.PhysicalFile(Path.GetFullPath(shelf.File(path, page)), "text/html; charset=utf-8")
                : throw new StudioException(404, "there is no such report")).WithName("labReport")
            .WithSummary("The page of an experiment's report.").Produces<string>(200, "text/html");
        group.MapGet("/card", Card).WithName("labCard").WithSummary("A model's card, as Markdown.").Produces<string>(200, "text/plain");
    }

    private static ContentHttpResult Card(string path, LabShelf shelf)
        => LabShelf.IsCard(path) ? TypedResults.Text(TextOf(shelf.File(path))) : throw new StudioException(404, "there is no such card");

    private static LabRunView View(string path, LabShelf shelf)
    {
        string log = shelf.File(path, LabShelf.Log), folder = Path.GetDirectoryName(log)!;
        string? recipe = File.Exists(Path.Combine(folder, "recipe.yaml")) ? TextOf(shelf.File(path, "recipe.yaml")) : null;
        return new LabRunView(
            path, File.GetLastWriteTimeUtc(log), recipe, File.Exists(Path.Combine(folder, "model.safetensors")), LabLog.Read(log),
            SamplesOf(Path.Combine(folder, Samples)));
    }

    /// <summary>In the order of their steps.</summary>
    private static List<LabSample> SamplesOf(string folder)
        => !Directory.Exists(folder) || new DirectoryInfo(folder).LinkTarget is not null ? [] : [.. Directory.EnumerateFiles(folder)
            .Select(file => NameOfSample().Match(Path.GetFileName(file)))
            .Where(name => name.Success)
            .Select(name => new LabSample(
                name.Value, name.Groups["setting"].Value, name.Groups["step"] is { Success: true } step ? long.Parse(step.ValueSpan) : null))
            .OrderBy(sample => sample.Step ?? -1).ThenBy(sample => sample.Setting, StringComparer.Ordinal)];

    private static string TextOf(string path)
        => new FileInfo(path).Length <= LargestText
            ? File.ReadAllText(path)
            : throw new StudioException(422, $"the file is larger than {LargestText >> 20} MB");

    [GeneratedRegex(@"^(original|before-(?<setting>[a-z0-9]{1,12})|(?<step>\d{1,12})-(?<setting>[a-z0-9]{1,12}))\.png$")]
    private static partial Regex NameOfSample();
}
