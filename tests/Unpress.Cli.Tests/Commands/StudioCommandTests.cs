using System.Text.RegularExpressions;
using Unpress.Imaging;

namespace Unpress.Cli.Tests.Commands;

public sealed class StudioCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_picture_that_is_sent_comes_back_as_enhance_writes_it_and_SIGTERM_ends_it()
    {
        string input = Path.Combine(_folder, "in.jpg"), output = Path.Combine(_folder, "out.png");
        var picture = new ImageBuffer(120, 90, ColourModel.Rgb);
        for (int k = 0; k < picture.Data.Length; k++)
            picture.Data[k] = (byte)(k * k % 251 / 2);
        ImageFile.Save(picture, input, new SaveOptions { Quality = 20 });
        Assert.Equal(0, CommandLine.Run("enhance", input, "-o", output, "--strength", "70").ExitCode);

        using var studio = new ChildCommandLine("studio", "--port", "0");
        string address = "";
        studio.Await(() => (address = Regex.Match(studio.OutputSoFar, @"The studio is at (\S+)\n").Groups[1].Value).Length > 0);
        using var client = new HttpClient();
        using var answer = await client.PostAsync(address + "v1/enhance?strength=70", new ByteArrayContent(File.ReadAllBytes(input)));
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(File.ReadAllBytes(output), await answer.Content.ReadAsByteArrayAsync());

        studio.Signal("TERM");
        var result = studio.End();
        Assert.Equal((ExitCodes.Terminated, "unpress: stopped by SIGTERM\n"),
            (result.ExitCode, result.Error[(result.Error.IndexOf('\n', StringComparison.Ordinal) + 1)..]));
    }

    [Fact]
    public void A_port_that_is_taken_is_one_line()
    {
        using var first = new ChildCommandLine("studio", "--port", "0");
        string port = "";
        first.Await(() => (port = Regex.Match(first.OutputSoFar, @":(\d+)/\n").Groups[1].Value).Length > 0);
        var second = ChildCommandLine.Run("studio", "--port", port);
        Assert.Equal(ExitCodes.SomeInputsFailed, second.ExitCode);
        Assert.Matches($"^unpress: .*{port}.*\n$", second.Error);
    }

    [Theory]
    [InlineData("--address", "nowhere")]
    [InlineData("--port", "70000")]
    public void What_is_no_address_is_one_line(string option, string value)
    {
        var result = CommandLine.Run("studio", option, value);
        Assert.Equal(ExitCodes.Usage, result.ExitCode);
        Assert.Contains(option, result.Error, StringComparison.Ordinal);
    }
}
