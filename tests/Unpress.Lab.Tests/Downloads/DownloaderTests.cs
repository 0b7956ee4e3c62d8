using System.IO.Compression;
using System.Security.Cryptography;
using Unpress.Downloads;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Downloads;

public sealed class DownloaderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-fetch-").FullName;
    private readonly byte[] _weights;
    private readonly FileServer _server;
    private readonly HttpClient _client = new();

    public DownloaderTests()
    {
        string path = Path.Combine(_folder, "made.safetensors");
        var numbers = new byte[400_000];
        new Random(5).NextBytes(numbers);
        SafeTensors.Save(path, [new StoredTensor("weight", DType.UInt8, [numbers.Length], numbers)]);
        _weights = File.ReadAllBytes(path);
        _server = new FileServer(_weights);
    }

    private string Target => Path.Combine(_folder, "net.pth");

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_file_is_fetched_verified_and_not_fetched_twice()
    {
        long last = 0;
        Assert.Equal(Target, await Fetch(Published("net"), (have, total) => last = have == total ? have : 0));
        Assert.Equal(_weights, File.ReadAllBytes(Target));
        Assert.Equal(_weights.Length, last);
        Assert.Equal(Target, await Fetch(Published("net")));
        Assert.Single(_server.Ranges);
        Assert.Empty(Directory.GetFiles(_folder, "*.part*"));
    }

    [Fact]
    public async Task A_file_out_of_an_archive_is_taken_and_verified()
    {
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = zip.CreateEntry("tools/net").Open())
            entry.Write(_weights);
        _server.Content = archive.ToArray();
        var file = Published("net") with { Member = "tools/net", Bytes = _weights.Length, Sha256 = Convert.ToHexString(SHA256.HashData(_weights)) };
        var missing = await Assert.ThrowsAsync<DownloadException>(() => Fetch(file with { Member = "tools/other" }));
        Assert.Contains("has no tools/other; nothing was kept", missing.Message, StringComparison.Ordinal);
        Assert.Equal(Target, await Fetch(file));
        Assert.Equal(_weights, File.ReadAllBytes(Target));

        File.Delete(Target);
        _server.Content = _weights;
        var error = await Assert.ThrowsAsync<DownloadException>(() => Fetch(file));
        Assert.Contains("no ZIP archive; nothing was kept", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "*.part*"));
    }

    [Fact]
    public async Task A_broken_download_goes_on_where_it_stopped()
    {
        _server.BreakAfter = 250_000;
        var error = await Assert.ThrowsAsync<DownloadException>(() => Fetch(Published("net")));
        Assert.Contains(_server.Url + "net.pth", error.Message, StringComparison.Ordinal);
        Assert.Contains(Target, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Target));
        long have = new FileInfo(Target + ".part").Length;
        Assert.InRange(have, 1, 250_000);

        await Fetch(Published("net"));
        Assert.Equal($"bytes={have}-", _server.Ranges[1]);
        Assert.Equal(_weights, File.ReadAllBytes(Target));
    }

    [Theory]
    [InlineData("\"second\"")]
    [InlineData(null)]
    public async Task A_file_that_changed_meanwhile_or_has_no_mark_is_fetched_anew(string? mark)
    {
        if (mark is null)
            _server.ETag = null;
        _server.BreakAfter = 250_000;
        await Assert.ThrowsAsync<DownloadException>(() => Fetch(Published("net")));
        _server.ETag = mark;
        await Fetch(Published("net"));
        Assert.Equal(_weights, File.ReadAllBytes(Target));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(64)]
    public async Task Another_hash_is_refused_whole_or_by_its_beginning(int digits)
    {
        var wrong = Published("net") with { Sha256 = new string('0', digits) };
        var error = await Assert.ThrowsAsync<DownloadException>(() => Fetch(wrong));
        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "net*"));

        await Fetch(Published("net") with { Sha256 = Published("net").Sha256![..digits] });
        error = await Assert.ThrowsAsync<DownloadException>(() => Fetch(wrong));
        Assert.Contains("delete it", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_apologies_is_no_file_of_weights()
    {
        _server.Content = "<html>Sorry</html>"u8.ToArray();
        var error = await Assert.ThrowsAsync<DownloadException>(() => Fetch(Published("net") with { Sha256 = null }));
        Assert.Contains("safetensors", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "net*"));
    }

    [Fact]
    public async Task Without_a_network_the_message_says_what_to_fetch_and_where_to_put_it()
    {
        _server.Dispose();
        var error = await Assert.ThrowsAsync<DownloadException>(() => Fetch(Published("net")));
        Assert.Contains(_server.Url + "net.pth", error.Message, StringComparison.Ordinal);
        Assert.Contains($"save it as {Target}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_catalogue_has_no_name_twice_and_hashes_agree_with_file_names()
    {
        Assert.Equal(OfficialFiles.All.Count, OfficialFiles.All.Select(file => file.Name).Distinct().Count());
        foreach (var file in OfficialFiles.All)
        {
            Assert.True(file.Sha256 is null || file.Sha256.Length is 8 or 64, file.Name);
            if (file.Url.StartsWith("https://download.pytorch.org/", StringComparison.Ordinal))
                Assert.Contains(file.Sha256![..8], file.FileName, StringComparison.Ordinal);
        }
    }

    private OfficialFile Published(string name)
        => new(name, $"{_server.Url}{name}.pth", "sample", "none", Convert.ToHexStringLower(SHA256.HashData(_weights)), null);

    private Task<string> Fetch(OfficialFile file, Action<long, long?>? progress = null)
        => new Downloader(_client).FetchAsync(file, _folder, progress);
}
