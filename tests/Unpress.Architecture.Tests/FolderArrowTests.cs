using System.Text.RegularExpressions;

namespace Unpress.Architecture.Tests;

/// <summary>Folders know each other one way, and where it matters, which may know which. A file's namespace is its folder.</summary>
public class FolderArrowTests
{
    private static readonly Regex Using = new(@"^using Unpress(\.\w+)+", RegexOptions.Multiline);
    private static readonly Regex Namespace = new(@"^namespace ([\w.]+);", RegexOptions.Multiline);

    /// <summary>Namespaces that know nothing but these. Which projects know which is for <see cref="ProjectArrowTests"/>.</summary>
    private static readonly Dictionary<string, string[]> KnowOnly = new()
    {
        ["Files"] = ["Imaging"],
        ["Compression"] = ["Files", "Imaging"],
        ["Jpeg"] = ["Consistency", "Data", "Imaging", "Torch"],
        ["Networks"] = ["Data", "Jpeg", "Imaging", "Models", "Onnx", "Torch"],
        ["Consistency"] = ["Imaging"],
        ["Provenance"] = ["Files", "Imaging"],
        ["Models"] = ["Data", "Imaging", "Inference", "Onnx"],
        ["Onnx"] = [],
    };

    /// <summary>Whole jobs: the command line knows them, and of the other namespaces only these do.</summary>
    private static readonly Dictionary<string, string[]> KnownBy = new()
    {
        ["Compression"] = ["DataSets"],
        ["Training"] = ["Lab"],
        ["Evaluation"] = ["Lab"],
        ["Lab"] = [],
        ["DataSets"] = [],
    };

    /// <summary>Families: one folder a member, one namespace for all.</summary>
    private static readonly string[] Families =
        ["Unpress.Networks.Discriminators", "Unpress.Networks.Backbones", "Unpress.Networks", "Unpress.Losses", "Unpress.Metrics"];

    public static TheoryData<string> Projects =>
        [.. Directory.EnumerateDirectories(RepoPaths.Combine("src")).Select(folder => Path.GetFileName(folder)!).Order(StringComparer.Ordinal)];

    [Fact]
    public void Arrows_between_namespaces_point_downwards()
    {
        var wrong =
            from file in Sources().Where(file => !file.Path.StartsWith("src/Unpress.Cli/", StringComparison.Ordinal))
            let name = Second(file.Namespace)
            from known in file.Known.Select(Second)
            where known != name
            where (KnowOnly.TryGetValue(name, out string[]? allowed) && !allowed.Contains(known))
                || (KnownBy.TryGetValue(known, out string[]? knowers) && !knowers.Contains(name))
            select $"{file.Path}: {name} must not know {known}";
        Assert.Empty(wrong);
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folder_knows_one_that_knows_it(string project)
    {
        var known = Knowledge(project);
        // Whoever knows nobody that is left does no harm; of a circle everybody stays.
        while (known.Keys.FirstOrDefault(folder => known[folder].All(other => !known.ContainsKey(other))) is { } harmless)
            known.Remove(harmless);
        Assert.Empty(known.Keys);
    }

    [Fact]
    public void A_namespace_is_its_folder_or_its_family()
    {
        var wrong =
            from file in Sources()
            let folder = Path.GetDirectoryName(file.Path)!["src/".Length..].Replace('/', '.')
            let project = file.Path.Split('/')[1]
            // Unpress.Losses lies in src/Unpress.Training/Losses, Unpress.Training.Logging in src/Unpress.Training/Logging.
            let names = new[] { folder, "Unpress" + folder[project.Length..] }
            where !names.Any(name => file.Namespace == name
                || file.Namespace == Families.FirstOrDefault(family => name.StartsWith(family + ".", StringComparison.Ordinal)))
            select $"{file.Path}: {file.Namespace}, expected {string.Join(" or ", names.Distinct())}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_rules_name_namespaces_that_are_there()
    {
        var there = Sources().Select(file => Second(file.Namespace)).ToHashSet();
        Assert.All(KnowOnly.Concat(KnownBy).SelectMany(rule => rule.Value.Append(rule.Key)), name => Assert.Contains(name, there));
    }

    /// <summary>
    /// The namespaces of a project, each with those that its files name: Unpress.X, and below the project's own name Unpress.Project.X. The
    /// project's own namespace stands above the others and is left out.
    /// </summary>
    private static Dictionary<string, HashSet<string>> Knowledge(string project)
    {
        var files = Sources().Where(file => file.Path.StartsWith($"src/{project}/", StringComparison.Ordinal)).ToList();
        return files
            .GroupBy(file => Part(file.Namespace), file => file.Known.Select(Part))
            .Where(part => part.Key != project)
            .ToDictionary(part => part.Key, part => part.SelectMany(names => names).Where(known => known != part.Key).ToHashSet());

        string Part(string name) => string.Join(
            '.', name.Split('.').Take(name.StartsWith(project + ".", StringComparison.Ordinal) && project != "Unpress" ? 3 : 2));
    }

    private static string Second(string name) => name.Split('.').ElementAtOrDefault(1) ?? "";

    private static IEnumerable<Source> Sources() =>
        from path in SourceTree.Files(".cs").Where(file => file.StartsWith("src/", StringComparison.Ordinal))
        let text = File.ReadAllText(RepoPaths.Combine(path))
        let name = Namespace.Match(text)
        where name.Success
        select new Source(path, name.Groups[1].Value, [.. Using.Matches(text).Select(match => match.Value["using ".Length..])]);

    /// <param name="Known">The namespaces that it uses.</param>
    private sealed record Source(string Path, string Namespace, IReadOnlyList<string> Known);
}
