using Unpress.Imaging;
using Unpress.Imaging.Formats;

namespace Unpress.Studio.Tests.Api;

/// <summary>A mask over the picture that keeps the original there.</summary>
public sealed class ProtectTests
{
    private const int Width = 160;
    private const int Height = 120;

    [Theory]
    [InlineData(100)]
    [InlineData(40)]
    public async Task Where_the_mask_is_white_the_file_is_kept(double strength)
    {
        await using var studio = await RunningStudio.StartAsync();
        byte[] picture = TestPictures.Jpeg();
        using var plain = await studio.PostAsync($"/v1/enhance?strength={strength}", picture);
        using var form = Form(picture, Mask(Width, Height));
        using var answer = await studio.Client.PostAsync($"/v1/enhance?strength={strength}", form);
        Assert.Equal(200, (int)answer.StatusCode);
        Check(picture, await plain.Content.ReadAsByteArrayAsync(), await answer.Content.ReadAsByteArrayAsync());
        Assert.Empty(studio.Files);
    }

    [Fact]
    public async Task A_finished_job_gets_a_mask_and_loses_it_again()
    {
        await using var studio = await RunningStudio.StartAsync();
        byte[] picture = TestPictures.Jpeg();
        var job = await studio.StartJobAsync(picture);
        await studio.EndOfAsync(job.Id);
        string result = $"/v1/jobs/{job.Id}/result";
        byte[] plain = await studio.Client.GetByteArrayAsync(result);
        using var put = await studio.Client.PutAsync($"/v1/jobs/{job.Id}/protect", new ByteArrayContent(Mask(Width, Height)));
        Assert.Equal(204, (int)put.StatusCode);
        byte[] kept = await studio.Client.GetByteArrayAsync(result);
        Check(picture, plain, kept);
        using var gone = await studio.Client.DeleteAsync($"/v1/jobs/{job.Id}/protect");
        Assert.Equal(204, (int)gone.StatusCode);
        Assert.Equal(plain, await studio.Client.GetByteArrayAsync(result));
        using var removed = await studio.Client.DeleteAsync($"/v1/jobs/{job.Id}");
        Assert.Empty(studio.Files);
    }

    [Fact]
    public async Task A_mask_that_does_not_fit_is_refused_and_leaves_nothing()
    {
        await using var studio = await RunningStudio.StartAsync();
        using var form = Form(TestPictures.Jpeg(), Mask(20, 30));
        using var answer = await studio.Client.PostAsync("/v1/enhance", form);
        Assert.Equal(422, (int)answer.StatusCode);
        Assert.Equal("the mask is 20x30 and the picture 160x120; they must be of one size", await RunningStudio.ErrorOf(answer));

        var job = await studio.StartJobAsync(TestPictures.Jpeg());
        await studio.EndOfAsync(job.Id);
        int files = studio.Files.Length;
        foreach (byte[] wrong in (byte[][])[Mask(20, 30), "no picture"u8.ToArray()])
        {
            using var put = await studio.Client.PutAsync($"/v1/jobs/{job.Id}/protect", new ByteArrayContent(wrong));
            Assert.Equal(422, (int)put.StatusCode);
            Assert.Equal(files, studio.Files.Length);
        }

        using var alone = new MultipartFormDataContent { { new ByteArrayContent(Mask(20, 30)), "protect", "mask.png" } };
        using var refused = await studio.Client.PostAsync("/v1/enhance", alone);
        Assert.Equal((400, "there is a mask in the form, but no picture"), ((int)refused.StatusCode, await RunningStudio.ErrorOf(refused)));
        using var again = await studio.Client.DeleteAsync($"/v1/jobs/{job.Id}");
        Assert.Empty(studio.Files);
    }

    /// <summary>The left half white, the rest black.</summary>
    private static byte[] Mask(int width, int height)
    {
        var mask = new ImageBuffer(width, height, ColourModel.Gray);
        for (int pixel = 0; pixel < width * height; pixel++)
            mask.Data[pixel] = pixel % width < width / 2 ? (byte)255 : (byte)0;
        return ImageFile.Encode(mask, new SaveOptions { Format = ImageFormat.Png });
    }

    private static MultipartFormDataContent Form(byte[] picture, byte[] mask) => new()
    {
        { new ByteArrayContent(mask), "protect", "mask.png" },
        { new ByteArrayContent(picture), "file", "photo.jpg" },
    };

    private static void Check(byte[] picture, byte[] plain, byte[] kept)
    {
        var (original, restored, result) = (ImageFile.Load(picture, "original"), ImageFile.Load(plain, "restored"), ImageFile.Load(kept, "kept"));
        Assert.NotEqual(original.Data, restored.Data);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                for (int band = 0; band < 3; band++)
                    Assert.Equal((x < Width / 2 ? original : restored).Sample(x, y, band), result.Sample(x, y, band));
    }
}
