using System.Diagnostics;
using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Processes;
using Unpress.Imaging.Workers;

namespace Unpress.Cli.Tests.Workers;

/// <summary>Workers read and write what this process would; one that dies costs its picture.</summary>
public sealed class PictureWorkersTests : IDisposable
{
    private static readonly string[] Program = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Unpress.Cli.dll"), WorkerHost.Verb];

    /// <summary>What a worker says first, as printf writes it.</summary>
    private const string Greeting = @"printf 'UPW1\0\0\0\0'";

    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Pictures_and_all_that_belongs_to_them_are_those_of_this_process()
    {
        using var workers = new PictureWorkers(new WorkerOptions { Command = Program });
        foreach (string file in (string[])["a.jpg", "b.png", "c.webp", "d.tif", "e.avif", "f.ppm", "g.bmp"])
        {
            string path = At(file);
            ImageFile.Save(Picture(), path);
            byte[] bytes = File.ReadAllBytes(path);
            var here = ImageFile.Load(path);
            foreach (var there in (ImageBuffer[])[workers.Load(path), workers.Load(bytes, file)])
            {
                Assert.Equal((here.Width, here.Height, here.Model, here.HasAlpha, here.BitsPerSample),
                    (there.Width, there.Height, there.Model, there.HasAlpha, there.BitsPerSample));
                Assert.Equal(here.Data, there.Data);
                Assert.Equivalent(here.Metadata, there.Metadata, strict: true);
            }

            workers.Save(here, At("saved-" + file), new SaveOptions(), replace: false);
            ImageFile.Save(here, At("here-" + file));
            Assert.Equal(File.ReadAllBytes(At("here-" + file)), File.ReadAllBytes(At("saved-" + file)));
            var options = new SaveOptions { Format = ImageFormats.FromExtension(file) };
            Assert.Equal(ImageFile.Encode(here, options), workers.Encode(here, options, file));
        }
    }

    [Fact]
    public void What_is_refused_here_is_refused_there_in_the_same_words()
    {
        using var workers = new PictureWorkers(new WorkerOptions { Command = Program, Limits = new ImageLimits { MaxPixels = 100 } });
        ImageFile.Save(Picture(), At("large.png"));
        File.WriteAllText(At("text.jpg"), "no picture");
        File.WriteAllBytes(At("cut.jpg"), ImageFile.Encode(Picture(), new SaveOptions { Format = ImageFormat.Jpeg })[..^9]);
        foreach (string path in (string[])[At("large.png"), At("text.jpg"), At("cut.jpg"), At("absent.png")])
        {
            var here = Assert.Throws<InvalidFileException>(() => ImageFile.Load(path, new ImageLimits { MaxPixels = 100 }));
            var there = Assert.Throws<InvalidFileException>(() => workers.Load(path));
            Assert.Equal((here.Path, here.Reason), (there.Path, there.Reason));
        }

        var alpha = new ImageBuffer(4, 4, ColourModel.Rgb, hasAlpha: true);
        Assert.Contains("transparency", Assert.Throws<InvalidFileException>(
            () => workers.Save(alpha, At("x.jpg"), new SaveOptions(), true)).Reason, StringComparison.Ordinal);
        var wide = new ImageBuffer(20_000, 1, ColourModel.Rgb);
        Assert.Contains("at most 16383", Assert.Throws<InvalidFileException>(
            () => workers.Save(wide, At("x.webp"), new SaveOptions(), true)).Reason, StringComparison.Ordinal);
        Assert.Equal(["cut.jpg", "large.png", "text.jpg"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("SEGV", "crashed (signal 11)")]
    [InlineData("ABRT", "crashed (signal 6)")]
    [InlineData("BUS", "crashed (signal 7)")]
    [InlineData("KILL", "was killed")]
    public void One_that_dies_costs_its_picture_and_the_next_has_a_new_one(string signal, string words)
    {
        if (OperatingSystem.IsWindows())
            return;
        string path = At("a.png"), flag = At("died");
        ImageFile.Save(Picture(), path);
        using var workers = Script($"if [ -e '{flag}' ]; then exec \"$@\"; fi; touch '{flag}'; {Greeting}; head -c 20 > /dev/null; kill -{signal} $$");
        var error = Assert.Throws<InvalidFileException>(() => workers.Load(path));
        Assert.Equal(path, error.Path);
        Assert.Contains(words, error.Reason, StringComparison.Ordinal);
        Assert.Equal(ImageFile.Load(path).Data, workers.Load(path).Data);
    }

    [Fact]
    public void One_that_takes_too_long_is_stopped_with_what_it_started()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var workers = Script($"{Greeting}; echo $$ > '{At("id")}'; sleep 1000; true", TimeSpan.FromSeconds(1));
        Assert.Contains("took longer than 1 s", Assert.Throws<InvalidFileException>(() => workers.Load(At("a.png"))).Reason, StringComparison.Ordinal);
        using var list = Process.Start(
            new ProcessStartInfo("ps", ["-o", "stat=", "--ppid", File.ReadAllText(At("id")).Trim()]) { RedirectStandardOutput = true })!;
        Assert.DoesNotContain("S", list.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 3", typeof(ProcessFailedException))]
    [InlineData("head -c 100000 /dev/zero", typeof(ProcessFailedException))]
    [InlineData(Greeting + "; yes", typeof(InvalidFileException))]
    [InlineData(Greeting + "; head -c 1000 /dev/zero", typeof(InvalidFileException))] // done, and a picture of no size
    [InlineData(Greeting + "; exit 0", typeof(InvalidFileException))]
    public void Nothing_that_a_worker_says_is_believed(string script, Type expected)
    {
        if (!OperatingSystem.IsWindows())
        {
            using var workers = Script(script);
            Assert.IsType(expected, Record.Exception(() => workers.Load(At("a.png"))));
        }
    }

    [Fact]
    public void A_picture_that_takes_more_memory_than_a_worker_may_have_is_refused_and_the_next_is_read()
    {
        using (var file = File.Create(At("large.pbm")))
        {
            file.Write("P4 16000 16000\n"u8);
            file.SetLength(file.Length + (16_000 / 8 * 16_000));
        }
        ImageFile.Save(Picture(), At("a.png"));
        using var workers = new PictureWorkers(new WorkerOptions { Command = Program, Memory = 200 << 20 });
        Assert.Contains("memory", Assert.Throws<InvalidFileException>(() => workers.Load(At("large.pbm"))).Reason, StringComparison.Ordinal);
        Assert.Equal(Picture().Data, workers.Load(At("a.png")).Data);
    }

    [Fact]
    public void Cancelling_ends_the_wait()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var workers = Script($"{Greeting}; sleep 1000");
        using var cancellation = new CancellationTokenSource(100);
        Assert.ThrowsAny<OperationCanceledException>(() => workers.Load(At("a.png"), cancellation.Token));
    }

    [Fact]
    public void Many_at_once_have_workers_of_their_own()
    {
        ImageFile.Save(Picture(), At("a.png"));
        using var workers = new PictureWorkers(new WorkerOptions { Command = Program, Count = 2 });
        Parallel.For(0, 20, _ => Assert.Equal(Picture().Data, workers.Load(At("a.png")).Data));
    }

    private static PictureWorkers Script(string script, TimeSpan? limit = null) =>
        new(new WorkerOptions { Command = ["sh", "-c", script, "sh", .. Program], TimeLimit = limit ?? TimeSpan.FromMinutes(5) });

    private string At(string name) => Path.Combine(_folder, name);

    private static ImageBuffer Picture()
    {
        var image = new ImageBuffer(40, 30, ColourModel.Rgb);
        new Random(5).NextBytes(image.Data);
        image.Metadata.Xmp = "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>"u8.ToArray();
        (image.Metadata.PixelsPerMillimetreX, image.Metadata.PixelsPerMillimetreY) = (10, 10);
        return image;
    }
}
