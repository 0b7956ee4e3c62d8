namespace Unpress.Architecture.Tests;

public class SharedDataTests
{
    [Fact]
    public void A_missing_file_skips_and_says_what_is_missing()
    {
        var fact = new SharedDataFactAttribute("no/such/set");
        var theory = new SharedDataTheoryAttribute("no/such/set");
        Assert.Contains("../shared/data", fact.Skip, StringComparison.Ordinal);
        Assert.Equal(fact.Skip, theory.Skip);
    }

    [Fact]
    public void A_machine_with_the_data_runs_the_test()
    {
        bool present = Directory.Exists(RepoPaths.Combine("..", "shared", "data"));
        Assert.Equal(present, new SharedDataFactAttribute().Skip is null);
        Assert.Equal(present, SharedData.Folder is not null);
    }
}
