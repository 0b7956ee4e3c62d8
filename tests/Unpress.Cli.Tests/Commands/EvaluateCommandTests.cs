using System.Globalization;
using System.Text.Json;

namespace Unpress.Cli.Tests.Commands;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public EvaluateCommandTests()
    {
        var random = new Random(3);
        foreach (string name in new[] { "a.ppm", "b.ppm" })
        {
            var pixels = new byte[32 * 24 * 3];
            for (int i = 0; i < pixels.Length; i++)
                pixels[i] = (byte)((i / 3 % 32 * 4) + random.Next(20));
            File.WriteAllBytes(Path.Combine(_folder, name), [.. "P6\n32 24\n255\n"u8, .. pixels]);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void All_forms_of_output_tell_the_same_mean()
    {
        string csv = Path.Combine(_folder, "rows.csv");
        CommandLineResult json = CommandLine.Run("evaluate", "--data", _folder, "-q", "10,50", "-m", "psnr,ssim", "--json", "--csv", csv);
        Assert.Equal(0, json.ExitCode);
        JsonElement root = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal(2, root.GetProperty("pictures").GetInt32());
        JsonElement mean = root.GetProperty("means")[1];
        Assert.Equal(50, mean.GetProperty("quality").GetInt32());
        double psnr = mean.GetProperty("values").GetProperty("psnr").GetDouble();

        double[] rows = [.. File.ReadLines(csv)
            .Where(line => line.StartsWith("jpeg,50,4:2:0,compressed,", StringComparison.Ordinal) && line.Contains(",psnr,", StringComparison.Ordinal))
            .Select(line => double.Parse(line.Split(',')[^1], CultureInfo.InvariantCulture))];
        Assert.Equal(2, rows.Length);
        Assert.Equal(psnr, rows.Average(), 1e-9);

        string shown = psnr.ToString("F2", CultureInfo.InvariantCulture);
        Assert.Contains(shown, CommandLine.Run("evaluate", "--data", _folder, "-q", "50").Output, StringComparison.Ordinal);
        Assert.Contains($"| 50 | compressed |", CommandLine.Run("evaluate", "--data", _folder, "-q", "50", "--markdown").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Consistent_adds_rows_that_take_back_what_the_model_did_against_the_file()
    {
        using var folder = new RestoringFolder();
        var result = CommandLine.Run("evaluate", "--data", folder.Pictures, "--model", folder.Model, "-q", "90", "-m", "psnr", "--consistent", "--json");
        Assert.Equal("", result.Error);
        var means = JsonDocument.Parse(result.Output).RootElement.GetProperty("means").EnumerateArray()
            .ToDictionary(mean => mean.GetProperty("method").GetString()!, mean => mean.GetProperty("values").GetProperty("psnr").GetDouble());
        Assert.Equal(["compressed", folder.Model, $"{folder.Model}, consistent"], means.Keys);
        Assert.True(means[folder.Model] < means["compressed"], "the model darkens");
        Assert.True(means[$"{folder.Model}, consistent"] > means[folder.Model], "a whole level of DC is outside the cell at this quality");
    }

    [Fact]
    public void Without_qualities_it_takes_those_of_papers()
    {
        var root = JsonDocument.Parse(CommandLine.Run("evaluate", "--data", _folder, "-m", "psnr", "--json").Output).RootElement;
        Assert.Equal([10, 20, 30, 40], root.GetProperty("means").EnumerateArray().Select(mean => mean.GetProperty("quality").GetInt32()));
    }

    [Fact]
    public void A_folder_without_pictures_is_named()
    {
        string empty = Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName;
        CommandLineResult result = CommandLine.Run("evaluate", "--data", empty);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(empty, result.Error, StringComparison.Ordinal);
    }
}
