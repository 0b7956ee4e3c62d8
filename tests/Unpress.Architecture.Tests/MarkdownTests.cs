using System.Text.RegularExpressions;

namespace Unpress.Architecture.Tests;

public class MarkdownTests
{
    private static readonly Regex Link = new(@"\]\((?<target>[^)#\s]+)(#[^)]*)?\)|<img[^>]*\ssrc=""(?<target>[^""]+)""");

    private static readonly Regex CodeBlock = new(@"^```csharp\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline);

    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(RepoPaths.Root, "*.md")
            .Concat(Directory.EnumerateFiles(RepoPaths.Combine("docs"), "*.md", SearchOption.AllDirectories))
            .Select(page => Path.GetRelativePath(RepoPaths.Root, page))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_inside_the_project_lead_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(RepoPaths.Combine(page))!;
        IEnumerable<string> broken = Link.Matches(File.ReadAllText(RepoPaths.Combine(page)))
            .Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(folder, target)));
        Assert.Empty(broken);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Code_in_the_documents_stands_in_tests_that_compile_it(string page)
    {
        string[] compiled = [.. SourceTree.Files(".cs")
            .Where(file => file.Contains("/Snippets/", StringComparison.Ordinal))
            .Select(file => File.ReadAllText(RepoPaths.Combine(file)))];
        IEnumerable<string> loose = CodeBlock.Matches(File.ReadAllText(RepoPaths.Combine(page)))
            .Select(match => match.Groups["code"].Value)
            .Where(code => !compiled.Any(text => text.Contains(code, StringComparison.Ordinal)));
        Assert.Empty(loose);
    }

    [Fact]
    public void The_index_of_the_docs_lists_every_page()
    {
        string index = File.ReadAllText(RepoPaths.Combine("docs", "index.md"));
        IEnumerable<string> missing = Directory.EnumerateFiles(RepoPaths.Combine("docs"), "*.md", SearchOption.AllDirectories)
            .Select(page => Path.GetRelativePath(RepoPaths.Combine("docs"), page).Replace('\\', '/'))
            .Where(page => page != "index.md" && !index.Contains($"({page})", StringComparison.Ordinal));
        Assert.Empty(missing);
    }

    [Fact]
    public void The_tree_in_architecture_lists_every_folder_with_code()
    {
        string tree = File.ReadAllText(RepoPaths.Combine("docs", "architecture.md"));
        string[] folders = [.. SourceTree.Files(".cs")
            .Where(file => file.StartsWith("src/", StringComparison.Ordinal) && !file.Contains("/Commands/", StringComparison.Ordinal))
            .Select(file => Path.GetDirectoryName(file)!["src/".Length..].Replace('\\', '/') + "/").Distinct()];
        Assert.NotEmpty(folders);
        Assert.DoesNotContain(folders, folder => !tree.Contains($"`{folder}`", StringComparison.Ordinal));
        string[] named = [.. Regex.Matches(tree, @"^\| \**`(?<folder>Unpress[^`]*)/`", RegexOptions.Multiline).Select(match => match.Groups["folder"].Value)];
        Assert.DoesNotContain(named, folder => !Directory.Exists(RepoPaths.Combine("src", folder)));
    }
}
