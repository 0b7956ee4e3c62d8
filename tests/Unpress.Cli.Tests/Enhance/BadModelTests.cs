using Google.Protobuf;
using Unpress.Imaging;

namespace Unpress.Cli.Tests.Enhance;

/// <summary><c>unpress enhance photo.jpg --model bad.onnx</c>: one line that names the file, and nothing is written.</summary>
public sealed class BadModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public BadModelTests()
    {
        var picture = new ImageBuffer(48, 40, ColourModel.Rgb);
        new Random(1).NextBytes(picture.Data);
        ImageFile.Save(picture, At("photo.jpg"), new SaveOptions { Quality = 60 });
    }

    public static TheoryData<string> Names => [.. BadModels.All.Select(bad => bad.Name)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_good_one_runs()
    {
        File.WriteAllBytes(At("good.onnx"), BadModels.Valid().ToByteArray());
        Assert.Equal(0, Enhance(At("good.onnx")).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_bad_one_is_one_line(string name)
    {
        var (_, said, make) = BadModels.All.Single(bad => bad.Name == name);
        string path = At($"{name}.onnx");
        make(path);
        Refused(path, Enhance(path), said);
    }

    [Fact]
    public void A_cut_one_is_one_line_wherever_it_is_cut()
    {
        byte[] bytes = BadModels.Valid().ToByteArray();
        string path = At("cut.onnx");
        for (int length = 0; length < bytes.Length; length += 3)
        {
            File.WriteAllBytes(path, bytes[..length]);
            Refused(path, Enhance(path), "");
        }
    }

    private void Refused(string path, CommandLineResult result, string said)
    {
        Assert.Equal(ExitCodes.SomeInputsFailed, result.ExitCode);
        string line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        // What a model makes of the picture is said of the picture.
        Assert.Matches($"^unpress: ({System.Text.RegularExpressions.Regex.Escape(path)}|.*photo.jpg): ", line);
        Assert.Contains(said, line, StringComparison.Ordinal);
        Assert.False(File.Exists(At("result.png")));
    }

    private CommandLineResult Enhance(string model) => CommandLine.Run("enhance", At("photo.jpg"), "--model", model, "-o", At("result.png"), "--threads", "1");

    private string At(string name) => Path.Combine(_folder, name);
}
