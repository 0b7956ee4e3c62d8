using Unpress.Recipes;

namespace Unpress.Training.Tests.Recipes;

/// <summary>Recipes that are made to harm: one line each, at once.</summary>
public sealed class RecipeLimitsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-recipes-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Deep_nesting_is_refused()
    {
        Assert.Contains("levels of nesting", Fault(new string('[', 100_000)), StringComparison.Ordinal);
        Assert.Contains("levels of nesting", Fault("a: " + string.Concat(Enumerable.Repeat("{a: ", 50_000))), StringComparison.Ordinal);
    }

    [Fact]
    public void Aliases_that_stand_for_too_much_are_refused()
    {
        string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
            + string.Concat(Enumerable.Range(1, 9).Select(i => $"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 9))}]\n"));
        Assert.Contains("stands for more than", Fault(bomb), StringComparison.Ordinal);
        Assert.Contains("stands for nothing before it", Fault("name: &a [*a]"), StringComparison.Ordinal);
        Assert.NotNull(RecipeDocument.Parse("a: &x b\nname: *x\n", "good.yaml").Root);
    }

    [Fact]
    public void Files_that_extend_two_others_each_end()
    {
        for (int i = 0; i < 22; i++)
            File.WriteAllText(At($"e{i}.yaml"), $"extends: [e{i + 1}.yaml, e{i + 1}.yaml]\n");
        File.WriteAllText(At("e22.yaml"), "name: x\n");
        Assert.Contains("extends more than", FaultOf(At("e0.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_and_long_files_are_no_recipes()
    {
        if (OperatingSystem.IsLinux())
        {
            File.WriteAllText(At("zero.yaml"), "extends: /dev/zero\n");
            Assert.Contains("a device or a pipe", FaultOf(At("zero.yaml")), StringComparison.Ordinal);
        }

        File.WriteAllText(At("long.yaml"), new string('#', 2 << 20));
        Assert.Contains("more than 1 MB", FaultOf(At("long.yaml")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name: x\nnetwork: {type: arcnn\nb: 1\n")]
    [InlineData("name: x\nlist: [1, 2\nb: 1\n")]
    [InlineData("name: \"x\nb: 1\n")]
    public void A_bracket_that_is_not_closed_is_one_line_with_file_and_line(string text)
        => Assert.Matches(@"^bad\.yaml:\d+: [^\n]+$", Fault(text));

    private static string Fault(string text) => Assert.Single(Assert.Throws<RecipeException>(() => RecipeDocument.Parse(text, "bad.yaml")).Faults);

    private static string FaultOf(string path) => Assert.Single(Assert.Throws<RecipeException>(() => RecipeDocument.Load(path)).Faults);

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
