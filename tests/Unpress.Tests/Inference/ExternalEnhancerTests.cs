using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Processes;
using Unpress.Inference;

namespace Unpress.Tests.Inference;

public sealed class ExternalEnhancerTests
{
    private static readonly ImageBuffer Gray = new(16, 8, ColourModel.Gray, data: [.. Enumerable.Range(0, 128).Select(i => (byte)i)]);

    [Theory]
    [InlineData("a  b\tc", "a", "b", "c")]
    [InlineData("sh -c 'a \"b\" c' \"d e\"", "sh", "-c", "a \"b\" c", "d e")]
    [InlineData("a '' b'c d'e", "a", "", "bc de")]
    public void Commands_are_parted_at_blanks_outside_quotes(string command, params string[] words) =>
        Assert.Equal(words, CommandWords.Split(command));

    [Fact]
    public void A_picture_goes_through_unchanged() => Assert.Equal(Gray.Data, Enhance("cp {in} {out}", Gray).Data);

    [Fact]
    public void A_program_may_read_the_jpeg_that_the_picture_comes_from()
    {
        var encoded = JpegCodec.Instance.Encode(Gray, new CodecSettings(30));
        var decoded = JpegCodec.Instance.Decode(encoded.Bytes);
        Assert.Equal(decoded.Data, Enhance("cp {jpeg} {out}", decoded).Data);
        Assert.Throws<UnsuitablePictureException>(() => Enhance("cp {jpeg} {out}", Gray));
    }

    [Fact]
    public void One_that_takes_too_long_is_stopped() =>
        Assert.Contains("stopped after", Assert.Throws<ProcessFailedException>(
            () => Enhance("sh -c 'sleep 60' {in} {out}", Gray, 0.3)).Message, StringComparison.Ordinal);

    [Fact]
    public void One_that_writes_nothing_or_does_not_exist_is_named()
    {
        Assert.Contains("wrote no {out}", Assert.Throws<ProcessFailedException>(() => Enhance("true {in} {out}", Gray)).Message, StringComparison.Ordinal);
        Assert.Equal(
            "no-such-program is missing: no program of this name is on PATH; install it, or give its path",
            Assert.Throws<MissingToolException>(() => Enhance("no-such-program {in} {out}", Gray)).Message);
        Assert.Equal(
            "./no-such-program is missing: there is no such file",
            Assert.Throws<MissingToolException>(() => Enhance("./no-such-program {in} {out}", Gray)).Message);
    }

    [Theory]
    [InlineData("sh -c 'yes' {in} {out}", "more than 16 MB")]
    [InlineData("sh -c 'yes >&2 & sleep 0.2; kill $!; exit 7' {in} {out}", "ended with code 7: y")]
    [InlineData("sh -c 'mkfifo $1' {in} {out}", "wrote no {out}")]
    [InlineData("sh -c 'sleep 1000 & exit 7' {in} {out}", "ended with code 7")]
    public void Odd_programs_end(string command, string words) =>
        Assert.Contains(words, Assert.Throws<ProcessFailedException>(() => Enhance(command, Gray)).Message, StringComparison.Ordinal);

    [Fact]
    public void What_a_program_has_started_ends_with_it()
    {
        if (!OperatingSystem.IsLinux())
            return;
        string place = Path.Combine(Path.GetTempPath(), $"unpress-test-{Guid.NewGuid():N}");
        try
        {
            Assert.Equal(Gray.Data, Enhance($"sh -c 'setsid sleep 1000 > /dev/null 2>&1 < /dev/null & echo $! > {place}; cp $0 $1' {{in}} {{out}}", Gray).Data);
            string process = $"/proc/{File.ReadAllText(place).Trim()}/stat";
            for (int i = 0; i < 500 && IsAlive(process); i++)
                Thread.Sleep(10);
            Assert.False(IsAlive(process));
        }
        finally
        {
            File.Delete(place);
        }

        // Killed, and perhaps not yet taken note of by its parent.
        static bool IsAlive(string process) => File.Exists(process) && !File.ReadAllText(process).Contains(") Z ", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cp {in}")]
    [InlineData("cp {out}")]
    [InlineData("{in} {out}")]
    [InlineData("")]
    public void A_command_without_its_files_is_refused(string command) =>
        Assert.Throws<ArgumentException>(() => new ExternalEnhancer("x", command, TimeSpan.FromSeconds(1)));

    private static ImageBuffer Enhance(string command, ImageBuffer image, double seconds = 60) =>
        new ExternalEnhancer("x", command, TimeSpan.FromSeconds(seconds)).Enhance(image, null, null, default);
}
