using System.Text.RegularExpressions;

namespace Unpress.Architecture.Tests;

/// <summary>Folders know each other one way; in <c>src/Unpress</c>, which may know which, where it matters. A file's namespace is its folder.</summary>
public class FolderArrowTests
{
    private static readonly Regex Using = new(@"^using Unpress\.(\w+)", RegexOptions.Multiline);
    private static readonly Regex Namespace = new(@"^namespace ([\w.]+);", RegexOptions.Multiline);

    /// <summary>Folders that know nothing but these.</summary>
    private static readonly Dictionary<string, string[]> KnowOnly = new()
    {
        ["Files"] = [],
        ["Compression"] = ["Files"],
        ["Jpeg"] = ["Data"],
        ["Networks"] = ["Data", "Jpeg"],
        ["Consistency"] = ["Data", "Jpeg"],
        ["Provenance"] = ["Files"],
    };

    /// <summary>Whole jobs: the command line knows them, and of the other folders only these do.</summary>
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

    [Fact]
    public void Arrows_between_folders_point_downwards()
    {
        var wrong =
            from file in SourceTree.Files(".cs").Where(file => file.StartsWith("src/Unpress/", StringComparison.Ordinal))
            let folder = file.Split('/')[2]
            from Match match in Using.Matches(File.ReadAllText(RepoPaths.Combine(file)))
            let known = match.Groups[1].Value
            where known != folder && Directory.Exists(RepoPaths.Combine("src", "Unpress", known))
            where (KnowOnly.TryGetValue(folder, out string[]? allowed) && !allowed.Contains(known))
                || (KnownBy.TryGetValue(known, out string[]? knowers) && !knowers.Contains(folder))
            select $"{file}: {folder} must not know {known}";
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("src/Unpress", "Unpress")]
    [InlineData("src/Unpress/Lab", "Unpress.Lab")]
    [InlineData("src/Unpress.Imaging", "Unpress.Imaging")]
    [InlineData("src/Unpress.Torch", "Unpress.Torch")]
    public void No_folder_knows_one_that_knows_it(string parent, string name)
    {
        var known = Knowledge(parent, name);
        // Whoever knows nobody that is left does no harm; of a circle everybody stays.
        while (known.Keys.FirstOrDefault(folder => known[folder].All(other => !known.ContainsKey(other))) is { } harmless)
            known.Remove(harmless);
        Assert.Empty(known.Keys);
    }

    [Fact]
    public void A_namespace_is_its_folder_or_its_family()
    {
        var wrong =
            from file in SourceTree.Files(".cs").Where(file => file.StartsWith("src/", StringComparison.Ordinal))
            let match = Namespace.Match(File.ReadAllText(RepoPaths.Combine(file)))
            where match.Success
            let folder = Path.GetDirectoryName(file)!["src/".Length..].Replace('/', '.')
            let name = match.Groups[1].Value
            where name != folder && name != Families.FirstOrDefault(family => folder.StartsWith(family + ".", StringComparison.Ordinal))
            select $"{file}: {name}, expected {folder}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void The_rules_name_folders_that_are_there() =>
        Assert.All(KnowOnly.Concat(KnownBy).SelectMany(rule => rule.Value.Append(rule.Key)),
            folder => Assert.True(Directory.Exists(RepoPaths.Combine("src", "Unpress", folder)), folder));

    /// <summary>The folders of a project or of a folder, each with those that its files name.</summary>
    private static Dictionary<string, HashSet<string>> Knowledge(string parent, string name)
    {
        var use = new Regex($@"^using {Regex.Escape(name)}\.(\w+)", RegexOptions.Multiline);
        return SourceTree.Files(".cs")
            .Where(file => file.StartsWith(parent + "/", StringComparison.Ordinal))
            .Select(file => (File: file, Parts: file[(parent.Length + 1)..].Split('/')))
            .Where(file => file.Parts.Length > 1)
            .GroupBy(file => file.Parts[0], file => use.Matches(File.ReadAllText(RepoPaths.Combine(file.File))).Select(match => match.Groups[1].Value))
            .ToDictionary(folder => folder.Key, folder => folder.SelectMany(names => names).Where(known => known != folder.Key).ToHashSet());
    }
}
