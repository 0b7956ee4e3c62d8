using Unpress.Imaging;
using Unpress.Lab.Results;

namespace Unpress.Cli.Tests.Commands;

public sealed class LabCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-lab-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Two_runs_of_one_program_are_two_rows()
    {
        var picture = new ImageBuffer(16, 16, ColourModel.Rgb);
        new Random(1).NextBytes(picture.Data);
        Directory.CreateDirectory(At("set"));
        ImageFile.Save(picture, At("set/a.png"));
        File.WriteAllText(
            At("recipe.yaml"), $"name: x\nsets: [{{ name: s, folder: {At("set")} }}]\ncompression: [{{ codec: jpeg, settings: [10] }}]\nmetrics: [psnr]\n");
        CommandLineResult result = CommandLine.Run(
            "lab", "restore", At("recipe.yaml"), "-o", At("run"), "--external", "cp {in} {out}", "--external", "cp --reflink=auto {in} {out}");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            [("cp", "cp {in} {out}"), ("cp-2", "cp --reflink=auto {in} {out}")],
            new LabFolder(At("run")).ReadFacts().Enhancers.Select(enhancer => (enhancer.Name, enhancer.Source)));
        Assert.Contains("cp-2", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_are_joined_by_merge()
    {
        Directory.CreateDirectory(At("set"));
        for (int seed = 0; seed < 4; seed++)
        {
            var picture = new ImageBuffer(16, 16, ColourModel.Rgb);
            new Random(seed).NextBytes(picture.Data);
            ImageFile.Save(picture, At($"set/{seed}.png"));
        }

        File.WriteAllText(
            At("recipe.yaml"), $"name: x\nsets: [{{ name: s, folder: {At("set")} }}]\ncompression: [{{ codec: jpeg, settings: [10] }}]\nmetrics: [psnr]\n");
        Assert.Equal(0, Part("1/2").ExitCode);
        var early = CommandLine.Run("merge", At("run"));
        string missing = $"unpress: {At("run")}: 1 of 2 parts are missing, run.2-of-2 first; run them, then merge\n";
        Assert.Equal((ExitCodes.SomeInputsFailed, missing), (early.ExitCode, early.Error));
        Assert.Equal(0, Part("2/2").ExitCode);
        var merged = CommandLine.Run("merge", At("run"));
        Assert.Equal((0, ""), (merged.ExitCode, merged.Error));
        Assert.StartsWith("4 figures of 2 parts joined", merged.Output, StringComparison.Ordinal);
        Assert.Equal(4, ResultsFile.Read(new LabFolder(At("run")).Results).Count);

        CommandLineResult Part(string shard) => CommandLine.Run("lab", "restore", At("recipe.yaml"), "-o", At("run"), "--shard", shard);
    }

    private string At(string name) => Path.Combine(_folder, name);
}
