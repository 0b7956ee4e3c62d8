using System.Diagnostics;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;

namespace Unpress.Cli.Tests;

/// <summary>The program in a pseudo-terminal, made by util-linux's <c>script</c>: what is left on the screen when it has ended.</summary>
public sealed class TerminalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-terminal-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    [InlineData(200)]
    public void The_result_of_one_picture_stays_on_the_screen(int columns)
    {
        string photo = Jpeg("photo.jpg");
        string[] screen = Run(columns, "enhance", photo, "--model", "lite");
        Assert.Equal(2, screen.Length);
        Assert.Equal($"{photo}: JPEG 48x40, QF 20, 4:2:0", screen[0]);
        Assert.EndsWith($"-> {At("photo.unpress.png")}", screen[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void Of_a_folder_failures_and_the_end_stay(int columns)
    {
        for (int i = 0; i < 9; i++)
            Jpeg($"in/{i}.jpg");
        File.WriteAllText(At("in/5x.jpg"), "no picture");
        string[] screen = Run(columns, "enhance", At("in"), "-o", At("out"), "--model", "lite");
        Assert.Equal(3, screen.Length);
        Assert.StartsWith($"unpress: {At("in/5x.jpg")}: not a picture", screen[0], StringComparison.Ordinal);
        Assert.StartsWith("9 of 10 pictures restored in ", screen[1], StringComparison.Ordinal);
        Assert.Equal($"failed: {At("in/5x.jpg")}", screen[2]);
        Assert.Equal(9, Directory.GetFiles(At("out"), "*.png").Length);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void Of_bars_nothing_stays_beside_a_line_that_is_wider_than_the_screen(int columns)
    {
        for (int i = 0; i < 9; i++)
            Jpeg($"in/{i}.jpg");
        File.WriteAllText(At("in/5x.jpg"), "no picture");
        string[] screen = TerminalScreen.Show(Written(columns, "enhance", At("in"), "-o", At("out"), "--model", "lite"), columns);
        Assert.Contains(screen, line => line.Length == columns);
        Assert.Contains(screen, line => line.EndsWith("BMP and JPEG 2000)", StringComparison.Ordinal));
        Assert.DoesNotContain(screen, line => line.Contains('━', StringComparison.Ordinal));
    }

    [Fact]
    public void Names_cannot_move_the_cursor()
    {
        File.WriteAllText(At("a\e[2J\e[31mb.jpg"), "no picture");
        string written = Written(80, "enhance", At("a\e[2J\e[31mb.jpg"));
        Assert.DoesNotContain("\e[2J", written, StringComparison.Ordinal);
        Assert.Contains("a [2J [31mb.jpg: not a picture", written, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("compress", "-o", "out/", "--codec", "jpeg", "-q", "10")]
    [InlineData("inspect")]
    [InlineData("measure", "--metrics", "psnr")]
    public void Names_in_tables_and_messages_cannot_either(params string[] command)
    {
        string photo = Jpeg("c\e[2J\e[31md.jpg");
        string[] inputs = command[0] == "measure" ? [Jpeg("other.jpg"), photo] : [photo, At("no\e[2Jsuch.jpg")];
        string written = Written(80, [command[0], .. inputs, .. command[1..].Select(word => word == "out/" ? At("out") : word)]);
        Assert.DoesNotContain("\e[2J\e[31m", written, StringComparison.Ordinal);
        Assert.DoesNotContain("no\e[2J", written, StringComparison.Ordinal);
        Assert.Contains("d", written, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_disk_behind_standard_error_changes_nothing()
    {
        if (!OperatingSystem.IsLinux())
            return; // it has a device for this
        string program = Path.Combine(AppContext.BaseDirectory, "Unpress.Cli.dll");
        string command = $"dotnet '{program}' inspect '{At("no-such.jpg")}' '{Jpeg("photo.jpg")}' 2> /dev/full > '{At("said")}'";
        using var process = Process.Start("sh", ["-c", command]);
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("photo.jpg: JPEG 48x40", File.ReadAllText(At("said")), StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_of_a_long_task_is_not_overwritten_by_its_bar()
    {
        string first = Jpeg("first.jpg"), second = Jpeg("second.jpg");
        string[] screen = Run(80, "measure", first, second, "--metrics", "psnr");
        Assert.Contains(screen, line => line.Contains("psnr", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(screen, line => line.Contains("measuring", StringComparison.Ordinal)
            || line.Contains('━', StringComparison.Ordinal) && line.Contains('%', StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_laboratory_run_its_table_stays()
    {
        Jpeg("set/first.jpg");
        File.WriteAllText(At("lab.yaml"), $"name: tiny\nsets: [{{ name: two, folder: {At("set")} }}]\ncompression: [{{ codec: jpeg, settings: [10] }}]\n"
            + "enhancers: [{ name: lite, model: lite }]\nmetrics: [psnr]\n");
        string[] screen = Run(80, "lab", "restore", At("lab.yaml"), "-o", At("out"));
        Assert.Contains(screen, line => line.Contains("jpeg 10   lite", StringComparison.Ordinal));
        OnlyLines(screen);
    }

    [Fact]
    public void Of_a_training_its_lines_stay()
    {
        Jpeg("set/first.jpg");
        File.WriteAllText(At("tiny.yaml"), $"name: tiny\nseed: 1\nsteps: 2\nnetwork: {{ type: arcnn, channels: 3 }}\nobjective: [{{ loss: l1 }}]\n"
            + "optimiser: { type: adam, lr: 1e-3 }\n"
            + $"data: {{ folders: [{{ path: {At("set")} }}], minSize: 32, batch: 1, patch: {{ size: 32 }}, degradation: {{ type: jpeg }} }}\n");
        string[] screen = Run(80, "train", At("tiny.yaml"), "-o", At("run"), "--threads", "1", "--report", "1");
        Assert.Contains(screen, line => line.Contains("1/2  loss", StringComparison.Ordinal));
        OnlyLines(screen);
    }

    [Fact]
    public void Of_a_set_being_prepared_its_lines_stay()
    {
        Jpeg("set/first.jpg");
        File.Copy(Jpeg("set/sub/second.jpg"), At("third.jpg"));
        string[] screen = Run(80, "data", "prepare", "folder", At("set"), "-o", At("out"), "--mirror", "jpeg:10");
        Assert.Contains(screen, line => line.Contains("jpeg 10:", StringComparison.Ordinal));
        OnlyLines(screen);
    }

    private static void OnlyLines(string[] screen) => Assert.DoesNotContain(
        screen, line => line.Contains('━', StringComparison.Ordinal) || line.Contains("--:--", StringComparison.Ordinal));

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string Jpeg(string name)
    {
        var picture = new ImageBuffer(48, 40, ColourModel.Rgb);
        for (int i = 0; i < picture.Data.Length; i++)
            picture.Data[i] = (byte)(i * 7 % 251);
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllBytes(At(name), JpegCodec.Instance.Encode(picture, new CodecSettings(20)).Bytes);
        return At(name);
    }

    /// <summary>The lines of the screen, without empty ones.</summary>
    private static string[] Run(int columns, params string[] arguments) => [.. TerminalScreen.Show(Written(columns, arguments)).Where(line => line.Length > 0)];

    private static string Written(int columns, params string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Unpress.Cli.dll");
        string words = string.Join(' ', arguments.Prepend(program).Select(word => $"'{word}'"));
        var start = new ProcessStartInfo("script", ["-qec", $"stty cols {columns} rows 40; dotnet {words}", "/dev/null"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("CI");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        string written = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return written;
    }
}
