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
        Assert.Contains("stopped after", Assert.Throws<ProcessFailedException>(() => Enhance("sh -c 'sleep 60' {in} {out}", Gray, 0.3)).Message, StringComparison.Ordinal);

    [Fact]
    public void One_that_writes_nothing_or_does_not_exist_is_named()
    {
        Assert.Contains("wrote no {out}", Assert.Throws<ProcessFailedException>(() => Enhance("true {in} {out}", Gray)).Message, StringComparison.Ordinal);
        Assert.Contains("no-such-program", Assert.Throws<ProcessFailedException>(() => Enhance("no-such-program {in} {out}", Gray)).Message, StringComparison.Ordinal);
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
