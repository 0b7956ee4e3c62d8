using System.Text.RegularExpressions;
using Unpress.Imaging;
using Unpress.Lab.Reports;

namespace Unpress.Tests.Lab.Reports;

public class LabReportTests
{
    [Fact]
    public void Disparities_are_errors_behind_psnr_picture_by_picture()
    {
        using var run = new SmallRun();
        Assert.Empty(ChartData.Disparities(LabRun.Read(run.Path)));
        run.AddDisparity();
        var disparity = Assert.Single(ChartData.Disparities(LabRun.Read(run.Path)));
        Assert.Equal("psnr", disparity.Metric);
        Assert.Contains("QF 10", disparity.Title, StringComparison.Ordinal);
        Assert.Empty(disparity.Points[1]); // nothing is known of the program's pictures
        // "sub/lake" first: its JPEG has 30 dB, that of "bikes" 28.
        Assert.Equal([(30.0, 27.0), (28.0, 25.0)], disparity.Points[0].Select(point => (Decibels(point[0]), Decibels(point[1]))));

        static double Decibels(double error) => Math.Round(-20 * Math.Log10(error), 9);
    }

    [Fact]
    public void The_page_asks_the_network_for_nothing()
    {
        string page = Page();
        // Outside of the library's own text nothing is fetched, and the policy forbids what is overlooked.
        Assert.Contains("default-src 'none'; img-src data:", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(new Regex(@"(src|href)\s*=\s*[""'](?!#|data:)", RegexOptions.IgnoreCase), page);
        Assert.DoesNotMatch(new Regex(@"@import|url\((?!data:)"), page);
        Assert.DoesNotContain("{{", page.Split("<script>")[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_has_the_means_the_differences_and_the_published_rows()
    {
        string page = Page();
        Assert.Contains("title=\"+1.00 to compressed\">30.00</td>", page, StringComparison.Ordinal);
        Assert.Contains("DAGN<sup>", page, StringComparison.Ordinal);
        Assert.Contains(">27.95</td>", page, StringComparison.Ordinal);
        Assert.Contains("title=\"30.00 → 28.00\">3.33</td>", page, StringComparison.Ordinal); // (30 − 28) / (2 · 30)
        Assert.Contains("unpress lab cycle small.yaml", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_published_stands_beside_a_part_of_a_set()
    {
        using var run = new SmallRun(part: true);
        var read = LabRun.Read(run.Path);
        Assert.Empty(read.Published("live1", "jpeg"));
    }

    [Fact]
    public void Names_and_errors_of_others_stay_text()
    {
        string page = Page();
        Assert.DoesNotContain(SmallRun.Awkward, page, StringComparison.Ordinal);
        Assert.Contains("x&lt;/script&gt;_|&amp;", page, StringComparison.Ordinal);
        Assert.Contains("ended with &lt;3&gt;", page, StringComparison.Ordinal);
        Assert.Contains("1 of 2 pictures failed", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_has_a_line_a_system()
    {
        string text = Text(ReportFormat.Md);
        Assert.Contains("| net | **30.00** | 0.100 | **31.00** |", text, StringComparison.Ordinal); // of the only other system's pictures one failed at QF 10
        Assert.Contains("| x</script>_\\|& |", text, StringComparison.Ordinal);
        Assert.Contains("| *FBCNN* [", text, StringComparison.Ordinal);
        Assert.Contains("Some figures are of fewer pictures, since others failed or are not measured yet, and rank with nothing: x</script>_|&.", text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Latex_is_escaped_and_its_rows_are_as_long_as_its_columns()
    {
        string text = Text(ReportFormat.Latex);
        Assert.Contains("x\\textless{}/script\\textgreater{}\\_\\textbar{}\\&", text, StringComparison.Ordinal);
        string table = text.Split("\\begin{tabular}{")[1];
        int columns = table.IndexOf('}', StringComparison.Ordinal);
        string[] rows = table.Split("\\midrule")[1].Split("\\bottomrule")[0].Split(
            "\\\\", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        Assert.All(rows, row => Assert.Equal(columns, Regex.Count(row, @"(?<!\\)&") + 1));
    }

    [Fact]
    public void Csv_has_every_mean_and_index()
    {
        string[] lines = Text(ReportFormat.Csv).Split('\n');
        Assert.Contains("live1,jpeg,10,net,1,psnr,30,2,0,", lines);
        Assert.Contains($"live1,jpeg,10,{SmallRun.Awkward},1,psnr,28.5,1,1,", lines);
        Assert.Contains(lines, line => line.StartsWith("live1,jpeg,10,net,,di:psnr,3.33", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("live1,jpeg,10,DAGN,,psnr,27.95,,,", StringComparison.Ordinal));
    }

    [Fact]
    public void Bits_saved_are_measured_against_the_compressed_pictures()
    {
        // Quality rises by 1 dB a setting and enhancement by 1 dB: the same quality at the setting below, with bits 2/1, 3/2, 4/3 as many.
        string page = Page();
        var rate = Regex.Match(page.Split("id=\"bd-live1-jpeg\"")[1], @"scope=""row"">net</th><td[^>]*data-value=""(?<value>[^""]+)""");
        Assert.InRange(double.Parse(rate.Groups["value"].Value, System.Globalization.CultureInfo.InvariantCulture), -40, -25);
    }

    [Fact]
    public void A_run_without_figures_says_so()
    {
        using var run = new SmallRun(measured: false, kept: false);
        var error = Assert.Throws<InvalidFileException>(() => LabReport.Text(LabRun.Read(run.Path), ReportFormat.Html));
        Assert.Contains("no figures yet", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_is_in_the_page_once() =>
        Assert.Equal(5, Regex.Count(Page(), "data:image/webp;base64,")); // two pictures of one gray: original, compressed, three cycles

    [Fact]
    public void A_run_without_pictures_has_a_page_without_them()
    {
        using var run = new SmallRun(kept: false);
        Assert.DoesNotContain("id=\"gallery\"", LabReport.Text(LabRun.Read(run.Path), ReportFormat.Html), StringComparison.Ordinal);
    }

    private static string Page() => Text(ReportFormat.Html);

    private static string Text(ReportFormat format)
    {
        using var run = new SmallRun();
        return LabReport.Text(LabRun.Read(run.Path), format);
    }
}
