using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Tests;

/// <summary>Alone in the process: what the end of it removes would be the other tests' files, too.</summary>
[CollectionDefinition(nameof(LeftoversTests), DisableParallelization = true)]
[Collection(nameof(LeftoversTests))]
public class LeftoversTests
{
    [Fact]
    public void A_process_that_ends_in_the_middle_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        string? scratch = null;
        Assert.Throws<InvalidFileException>(() => AtomicFile.Write(folder.File("a.bin"), temporary =>
        {
            File.WriteAllText(temporary, "half");
            var other = new ScratchFolder();
            scratch = Path.GetDirectoryName(other.Combine("x"));
            Leftovers.Remove();
            Assert.Empty(folder.Names);
        }));
        Assert.False(Directory.Exists(scratch));
        Assert.Empty(folder.Names);
    }
}
