using Unpress.Lab.Results;

namespace Unpress.Tests.Lab;

public class LabFolderTests
{
    [Fact]
    public void Names_that_differ_in_signs_only_are_files_of_their_own()
    {
        var folder = new LabFolder("run");
        string[] names = ["a-b", "a b", "a/b", "a&b", ".a-b", "ab"];
        Assert.Equal(names.Length, names.Select(name => folder.Raw("set", name)).Distinct().Count());
        Assert.Equal(names.Length, names.Select(name => folder.Picture("set", "p", "jpeg", 10, name, 1)).Distinct().Count());
        Assert.Equal(names.Length, names.Select(name => folder.Trace("features", name, "p", "jpeg", 10, "net", 1)).Distinct().Count());
        Assert.EndsWith(Path.Combine("set", "a-b", "raw.png"), folder.Raw("set", "a-b"), StringComparison.Ordinal);
    }
}
