using Unpress.Imaging.Formats;
using Unpress.Imaging.Metadata;
using Unpress.Imaging.Tests.Metadata;

namespace Unpress.Imaging.Tests.Formats;

public class OrientationTests
{
    /// <summary>Where the stored pixel x, y of a w × h picture is seen, in the words of EXIF 2.3 about its row 0 and column 0.</summary>
    private static (int X, int Y) Seen(int orientation, int x, int y, int w, int h) => orientation switch
    {
        1 => (x, y), // row 0 is the top, column 0 the left side
        2 => (w - 1 - x, y), // top, right
        3 => (w - 1 - x, h - 1 - y), // bottom, right
        4 => (x, h - 1 - y), // bottom, left
        5 => (y, x), // left, top
        6 => (h - 1 - y, x), // right, top
        7 => (h - 1 - y, w - 1 - x), // right, bottom
        _ => (y, w - 1 - x), // left, bottom
    };

    public static TheoryData<ImageFormat, int> Cases()
    {
        var data = new TheoryData<ImageFormat, int>();
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            data.Add(ImageFormat.Jpeg, orientation);
            data.Add(ImageFormat.Png, orientation);
            data.Add(ImageFormat.Webp, orientation);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pixels_come_upright_and_the_tag_says_so(ImageFormat format, int orientation)
    {
        // 70 rows: more than one strip of the decoders.
        ImageBuffer stored = Pictures.Make(45, 70);
        var options = new SaveOptions { Format = format };
        ImageBuffer upright = ImageFile.Load(ImageFile.Encode(stored, options), "plain");
        stored.Metadata.Exif = ExifMaker.Make(orientation);
        ImageBuffer read = ImageFile.Load(ImageFile.Encode(stored, options), "turned");

        Assert.Equal(orientation >= 5 ? (70, 45) : (45, 70), (read.Width, read.Height));
        for (int y = 0; y < 70; y++)
        {
            for (int x = 0; x < 45; x++)
            {
                (int seenX, int seenY) = Seen(orientation, x, y, 45, 70);
                for (int band = 0; band < 3; band++)
                    Assert.Equal(upright.Sample(x, y, band), read.Sample(seenX, seenY, band));
            }
        }
        Assert.Equal(1, new ExifEditor(read.Metadata.Exif!).Orientation);
        if (format == ImageFormat.Jpeg)
        {
            Assert.Equal(upright.Data, ImageTurn.ToStored(read, orientation).Data);
            Assert.Equal(read.Data, ImageTurn.ToUpright(upright, orientation).Data);
        }
        // Saved again, nothing turns a second time.
        ImageBuffer again = ImageFile.Load(ImageFile.Encode(read), "again");
        Assert.Equal(read.Data, again.Data);
    }

    /// <summary>Strips of every size of pixel, against the slow copy.</summary>
    [Theory]
    [InlineData(ColourModel.Gray, false, 8)]
    [InlineData(ColourModel.Gray, true, 8)]
    [InlineData(ColourModel.Rgb, false, 8)]
    [InlineData(ColourModel.Rgb, true, 8)]
    [InlineData(ColourModel.Cmyk, true, 8)]
    [InlineData(ColourModel.Gray, true, 16)]
    [InlineData(ColourModel.Rgb, false, 16)]
    [InlineData(ColourModel.Rgb, true, 16)]
    [InlineData(ColourModel.Cmyk, true, 16)]
    public void Strips_are_placed_as_the_slow_copy_places_pixels(ColourModel model, bool alpha, int bits)
    {
        ImageBuffer stored = Pictures.Make(13, 21, model, alpha, bits);
        int row = stored.Data.Length / 21;
        for (int orientation = 1; orientation <= 8; orientation++)
        {
            var placed = new byte[stored.Data.Length];
            var placement = new PixelPlacement(orientation, 13, 21, row / 13);
            for (int top = 0; top < 21; top += 8)
                placement.Place(stored.Data.AsSpan(top * row, Math.Min(8, 21 - top) * row), placed, top);
            Assert.Equal(ImageTurn.ToUpright(stored, orientation).Data, placed);
        }
    }
}
