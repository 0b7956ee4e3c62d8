using System.Text.Json;
using Unpress.Lab.Reports;

namespace Unpress.Tests.Lab.Reports;

public class ReportInChromiumTests
{
    /// <summary>Does what a reader does, then writes down what the page looks like.</summary>
    private const string Reader = """
        <script>
        // The page's time runs ahead of the machine's: real work gives pictures the time to be decoded.
        const wait = left => {
          for (let spin = 0; spin < 1e7; spin++);
          const isDrawn = document.querySelector("#gallery figure:nth-child(2) figcaption")?.textContent !== "…";
          setTimeout(isDrawn || left === 0 ? look : () => wait(left - 1), 20);
        };
        const look = () => {
          const names = () => [...document.querySelectorAll("#quality-live1-jpeg tbody th")].map(cell => cell.firstChild.data);
          const click = place => document.querySelector(place).click();
          const result = { errors: window.failures, screen: innerWidth, width: document.documentElement.scrollWidth - innerWidth, before: names() };
          click("#quality-live1-jpeg th:nth-child(2) button");
          result.best = names();
          click("#quality-live1-jpeg th:nth-child(2) button");
          result.worst = names();
          const shown = () => [...document.querySelectorAll("#quality-live1-jpeg tbody tr:first-child td")].filter(cell => cell.offsetWidth > 0).length;
          result.columns = [shown()];
          const select = document.querySelector("#quality-live1-jpeg select");
          select.value = 1;
          select.dispatchEvent(new Event("change"));
          result.columns.push(shown());
          const paper = () => getComputedStyle(document.body).backgroundColor;
          result.papers = [paper()];
          click("#theme");
          result.papers.push(paper());
          result.legend = [...document.querySelectorAll("[data-plot=disparity] .u-legend .u-label")].map(label => label.textContent);
          result.plots = document.querySelectorAll(".uplot canvas").length;
          result.map = document.querySelector("#gallery figure:nth-child(2) figcaption").textContent;
          const map = document.querySelector("#gallery canvas");
          result.pixel = [...map.getContext("2d").getImageData(3, 3, 1, 1).data];
          result.strip = document.querySelectorAll(".strip img").length;
          parent.postMessage(JSON.stringify(result), "*");
        };
        window.addEventListener("load", () => setTimeout(() => wait(100), 1000));
        </script>
        """;

    private const string Watch = "<script>window.failures = []; window.onerror = message => { window.failures.push(message); }; window.onunhandledrejection = event => { window.failures.push(String(event.reason)); };</script>";

    [ChromiumFact]
    public void The_page_sorts_plots_compares_and_turns_dark()
    {
        using var run = new SmallRun();
        run.AddDisparity();
        string page = LabReport.Text(LabRun.Read(run.Path), ReportFormat.Html)
            .Replace("<body>", "<body>" + Watch, StringComparison.Ordinal)
            .Replace("</body>", Reader + "</body>", StringComparison.Ordinal);
        string text = Chromium.Seen(page);
        Assert.True(text.Length > 0, "the page's scripts did not get to their end");
        var seen = JsonDocument.Parse(text).RootElement;

        Assert.Empty(Texts(seen, "errors"));
        Assert.Equal(390, seen.GetProperty("screen").GetInt32());
        Assert.True(seen.GetProperty("width").GetInt32() <= 0, "a phone would have to scroll the page sideways");
        Assert.Equal("compressed", Texts(seen, "before")[0]);
        Assert.Equal("net", Texts(seen, "best")[0]);
        Assert.Equal("JPEG", Texts(seen, "worst")[0]);
        Assert.Equal([8, 4], seen.GetProperty("columns").EnumerateArray().Select(count => count.GetInt32()));
        Assert.Equal(2, Texts(seen, "papers").Distinct().Count());
        Assert.Equal(3, seen.GetProperty("plots").GetInt32());
        Assert.Equal(["psnr: compressed to raw", "as far as raw", "net", "net, regression"], Texts(seen, "legend"));
        // The original is 200 everywhere, enhanced once 194.
        Assert.Contains("× 8, mean 6.00", seen.GetProperty("map").GetString()!, StringComparison.Ordinal);
        Assert.Equal([48, 48, 48, 255], seen.GetProperty("pixel").EnumerateArray().Select(sample => sample.GetInt32()));
        Assert.Equal(2 + SmallRun.Cycles, seen.GetProperty("strip").GetInt32());
    }

    private static List<string> Texts(JsonElement parent, string name) =>
        [.. parent.GetProperty(name).EnumerateArray().Select(text => text.GetString()!)];
}
