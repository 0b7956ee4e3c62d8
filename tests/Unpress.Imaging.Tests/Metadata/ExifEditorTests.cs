using System.Text;
using Unpress.Imaging.Metadata;

namespace Unpress.Imaging.Tests.Metadata;

public class ExifEditorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_edit_changes_its_own_bytes_only(bool bigEndian)
    {
        var editor = new ExifEditor(ExifMaker.Make(6, bigEndian));
        Assert.Equal(6, editor.Orientation);
        editor.Orientation = 1;
        editor.SetSize(100, 70_000);
        // 70,000 does not fit the SHORT that was there: the tag becomes a LONG, in its place.
        byte[] expected = ExifMaker.Make(1, bigEndian, width: 100, height: 70);
        int height = 150 + 2 + 24;
        expected[height + (bigEndian ? 3 : 2)] = 4;
        byte[] value = BitConverter.GetBytes(70_000);
        if (bigEndian)
            Array.Reverse(value);
        value.CopyTo(expected, height + 8);
        Assert.Equal(expected, editor.Bytes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Removing_the_place_leaves_a_sound_directory(bool bigEndian)
    {
        var editor = new ExifEditor(ExifMaker.Make(3, bigEndian));
        editor.RemoveGps();
        editor.RemoveGps();
        Assert.DoesNotContain(ExifMaker.GpsText, Encoding.Latin1.GetString(editor.Bytes), StringComparison.Ordinal);
        Assert.Equal(3, editor.Orientation);
        editor.RemoveThumbnail();
        Assert.DoesNotContain(ExifMaker.Thumbnail, Encoding.Latin1.GetString(editor.Bytes), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_blocks_never_throw()
    {
        byte[] good = ExifMaker.Make(6);
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] bad = good[..random.Next(good.Length + 1)];
            for (int k = 0; k < 5 && bad.Length > 0; k++)
                bad[random.Next(bad.Length)] = (byte)(random.Next(3) == 0 ? 255 : random.Next(256));
            var editor = new ExifEditor(bad) { Orientation = 1 };
            editor.SetSize(5, 5);
            editor.RemoveThumbnail();
            editor.RemoveGps();
            Assert.InRange(editor.Orientation, 1, 8);
        }
    }
}
