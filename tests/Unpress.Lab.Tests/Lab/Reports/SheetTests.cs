using Unpress.Imaging;
using Unpress.Lab.Reports;
using Unpress.Lab.Reports.Sheets;

namespace Unpress.Tests.Lab.Reports;

public class SheetTests
{
    [Fact]
    public void A_run_gives_a_contact_sheet_a_picture_and_strips_a_setting()
    {
        using var run = new SmallRun();
        string folder = Path.Combine(run.Path, "sheets");
        var files = LabReport.WriteSheets(LabRun.Read(run.Path), folder);
        Assert.Equal(
            ["contact-live1-bikes-jpeg.png", "contact-live1-sub-lake-jpeg.png", "strips-live1-bikes-jpeg-10.png", "strips-live1-sub-lake-jpeg-10.png"],
            files.Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        var strip = ImageFile.Load(Path.Combine(folder, "strips-live1-bikes-jpeg-10.png"));
        // Compressed is 190, the cycles are 194, 193, 192, the original 200: side by side.
        Assert.Equal([190, 194, 193, 192, 200], Grays(strip).Where(gray => gray is not (40 or 255)));
    }

    [Fact]
    public void A_run_without_pictures_gives_none()
    {
        using var run = new SmallRun(kept: false);
        string folder = Path.Combine(run.Path, "sheets");
        Assert.Empty(LabReport.WriteSheets(LabRun.Read(run.Path), folder));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void Letters_are_five_by_seven_points_and_long_texts_are_cut()
    {
        var points = Lettering.Points("L").ToList();
        Assert.Equal(11 * 4, points.Count); // seven down, four more to the right; a point is four pixels
        Assert.Equal((9, 13), (points.Max(point => point.X), points.Max(point => point.Y)));
        Assert.Equal(Lettering.Points("PSNR"), Lettering.Points("psnr"));
        Assert.Equal(Lettering.Points("?"), Lettering.Points("λ"));
        Assert.Equal("abc..", Lettering.Fitting("abcdefg", Lettering.WidthOf("abcde")));
        Assert.Equal("abc", Lettering.Fitting("abc", Lettering.WidthOf("abc")));
    }

    [Fact]
    public void What_is_missing_leaves_its_place_empty()
    {
        var picture = new ImageBuffer(8, 8, ColourModel.Gray);
        picture.Data.AsSpan().Fill(100);
        var sheet = new Sheet("T", ["a", "b"], [("one", [null, new SheetCell(picture, "")]), ("two", [new SheetCell(picture, ""), null])]).Draw();
        Assert.Equal(2 * 64, sheet.Data.Chunk(3).Count(pixel => pixel[0] == 100 && pixel[1] == 100 && pixel[2] == 100));
    }

    /// <summary>The grays of the row with the most of them, from left to right, each once.</summary>
    private static List<int> Grays(ImageBuffer sheet)
    {
        int row = sheet.Width * 3;
        return Enumerable.Range(0, sheet.Height)
            .Select(y => sheet.Data.AsSpan(y * row, row).ToArray().Chunk(3).Select(pixel => (int)pixel[0]).Aggregate(new List<int>(), (all, gray) =>
            {
                if (all.Count == 0 || all[^1] != gray)
                    all.Add(gray);
                return all;
            }))
            .MaxBy(grays => grays.Distinct().Count())!;
    }
}
