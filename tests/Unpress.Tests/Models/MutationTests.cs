using System.Globalization;
using Unpress.Models;
using Xunit.Abstractions;

namespace Unpress.Tests.Models;

/// <summary>
/// Model files that are nearly right end in one line, or run; none ends the process. UNPRESS_TEST_MODEL_MUTATIONS=10000 tries so many, of the
/// shipped model as well, and prints how they ended.
/// </summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Usual = 1500;

    private static readonly int? Long = int.TryParse(Environment.GetEnvironmentVariable("UNPRESS_TEST_MODEL_MUTATIONS"), out int count) ? count : null;

    [Fact]
    public void A_small_file_is_valid_and_its_mutations_end_well()
    {
        Assert.Equal("ran 1", MutationRun.Of(MutationWorker.Small, -1, 1).ToString());
        Try(MutationWorker.Small, Long ?? Usual);
    }

    [Fact]
    public void Mutations_of_the_shipped_model_end_well() => Try(ModelFinder.Find("lite"), Long ?? 20);

    private void Try(string file, int count)
    {
        var run = MutationRun.Of(file, 0, count);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}, {count} mutations: {run}"));
        foreach (string fault in run.Faults)
            output.WriteLine(fault);
        Assert.Empty(run.Faults);
        Assert.Equal(count, run.Counts.Values.Sum());
    }
}
