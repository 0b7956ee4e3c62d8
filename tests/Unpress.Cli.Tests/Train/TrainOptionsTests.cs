namespace Unpress.Cli.Tests.Train;

public sealed class TrainOptionsTests
{
    [Theory]
    [InlineData("--threads")]
    [InlineData("--report")]
    public void A_number_below_one_is_an_error_of_usage(string option)
    {
        var result = CommandLine.Run("train", "nowhere.yaml", option, "0");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{option} takes a whole number of 1 or more, not '0'", result.Error, StringComparison.Ordinal);
    }
}
