using System.Xml.Linq;

namespace Unpress.Architecture.Tests;

/// <summary>Which project may know which: the picture in CONTRIBUTING.md, enforced.</summary>
public class ProjectArrowTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Unpress.Base"] = [],
        ["Unpress.Torch"] = ["Unpress.Base"],
        ["Unpress.Imaging"] = ["Unpress.Base"],
        ["Unpress.Onnx"] = ["Unpress.Base"],
        ["Unpress"] = ["Unpress.Imaging", "Unpress.Onnx"],
        ["Unpress.Networks"] = ["Unpress.Torch", "Unpress.Imaging", "Unpress.Onnx", "Unpress"],
        ["Unpress.Training"] = ["Unpress.Networks"],
        ["Unpress.Lab"] = ["Unpress.Training"],
        ["Unpress.Cli"] = ["Unpress.Lab"],
        ["Unpress.Bench"] = ["Unpress.Networks"],
        ["Unpress.Testing"] = [],
        ["Unpress.Architecture.Tests"] = [],
    };

    public static TheoryData<string> Projects => [.. SourceTree.Files(".csproj")];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_those_below_it(string project)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        // A test project sees what it tests, and what every test project gets from Directory.Build.props.
        string[] allowed = Allowed.TryGetValue(name, out string[]? listed) ? listed
            : name.EndsWith(".Tests", StringComparison.Ordinal) ? [name[..^".Tests".Length]]
            : throw new Xunit.Sdk.XunitException($"{name} is new: say in {nameof(ProjectArrowTests)} what it may refer to");

        Assert.Empty(References(project).Except(allowed));
    }

    [Fact]
    public void The_solution_lists_every_project()
    {
        IEnumerable<string> listed = XDocument.Load(RepoPaths.Combine("Unpress.slnx"))
            .Descendants("Project").Select(project => project.Attribute("Path")!.Value);

        Assert.Equal(SourceTree.Files(".csproj").Order(), listed.Order());
    }

    private static IEnumerable<string> References(string project) =>
        XDocument.Load(RepoPaths.Combine(project))
            .Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
}
