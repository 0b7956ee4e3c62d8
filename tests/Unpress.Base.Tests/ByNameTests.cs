namespace Unpress.Base.Tests;

public class ByNameTests
{
    private static readonly string[] Networks = ["unpress", "dncnn", "fbcnn", "swinir"];

    [Theory]
    [InlineData("dncnn")]
    [InlineData("DnCNN")]
    public void An_entry_is_found_in_any_letter_case(string name)
        => Assert.Equal("dncnn", ByName.Find(Networks, "network", name, entry => entry));

    [Theory]
    [InlineData("dncn", "no network is called 'dncn'; did you mean dncnn? There are unpress, dncnn, fbcnn, swinir")]
    [InlineData("unet", "no network is called 'unet'; there are unpress, dncnn, fbcnn, swinir")]
    public void A_name_that_is_not_there_is_answered_by_those_that_are(string name, string message)
        => Assert.Equal(message, Assert.Throws<ArgumentException>(() => ByName.Find(Networks, "network", name, entry => entry)).Message);

    [Theory]
    [InlineData("optimizer", "optimiser")]
    [InlineData("optimsier", "optimiser")]
    [InlineData("opti", "optimiser")]
    [InlineData("sum", null)]
    [InlineData("", null)]
    public void The_nearest_name_has_few_changes_or_begins_with_the_word(string word, string? nearest)
        => Assert.Equal(nearest, ByName.Nearest(word, ["objective", "optimiser", "steps"]));
}
