using System.Text.Json;
using Unpress.Training.Logging;

namespace Unpress.Tests.Training.Logging;

public sealed class JsonLinesLogTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void A_line_is_an_object_with_step_kind_and_values()
    {
        using (var log = new JsonLinesLog(_path))
            log.Write(7, "train", ("loss", 0.125), ("psnr", double.NaN));
        using var json = JsonDocument.Parse(Assert.Single(File.ReadAllLines(_path)));
        var line = json.RootElement;
        Assert.Equal(7, line.GetProperty("step").GetInt64());
        Assert.Equal("train", line.GetProperty("kind").GetString());
        Assert.Equal(0.125, line.GetProperty("loss").GetDouble());
        Assert.Equal("NaN", line.GetProperty("psnr").GetString());
        Assert.InRange(line.GetProperty("time").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow);
    }

    [Fact]
    public void Resuming_drops_later_lines_and_one_cut_short()
    {
        using (var log = new JsonLinesLog(_path))
        {
            for (int step = 1; step <= 4; step++)
                log.Write(step, "train");
        }

        File.AppendAllText(_path, "{\"step\":2,\"ki");
        using (var log = new JsonLinesLog(_path, keepThrough: 4))
            log.Write(5, "train");
        Assert.Equal([1, 2, 3, 4, 5], Steps());
        using (var log = new JsonLinesLog(_path, keepThrough: 2))
            log.Write(3, "again");
        Assert.Equal([1, 2, 3], Steps());
        using (new JsonLinesLog(_path))
        {
        }

        Assert.Empty(Steps());
    }

    private List<long> Steps() => [.. File.ReadAllLines(_path).Select(line =>
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("step").GetInt64();
    })];
}
