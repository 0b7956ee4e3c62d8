using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Unpress.Imaging;
using Unpress.Torch.Weights;

namespace Unpress.Downloads;

/// <summary>
/// Fetches published files: into NAME.part beside the target, going on where an earlier try stopped when the server still has the same file
/// (its ETag is kept in NAME.part.etag), and checked by length and SHA-256 before it gets its name. What has that name is whole.
/// </summary>
public sealed class Downloader(HttpClient client)
{
    private const int BufferSize = 1 << 17;

    /// <param name="progress">Bytes so far, and of how many where the server says.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="DownloadException">The server cannot be reached or sent something else; the message says what to do by hand.</exception>
    public async Task<string> FetchAsync(
        OfficialFile file, string folder, Action<long, long?>? progress = null, CancellationToken cancellation = default)
    {
        Directory.CreateDirectory(folder);
        string target = Path.Combine(folder, file.FileName);
        if (File.Exists(target))
        {
            return FileCheck.Fault(file, target) is { } wrong
                ? throw new DownloadException($"{target}: {wrong}; it is not the file of {file.Url}: delete it, then fetch it again")
                : target;
        }

        string part = target + ".part", mark = part + ".etag";
        try
        {
            await ReceiveAsync(file, part, mark, progress, cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (
            error is HttpRequestException or HttpIOException || (error is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new DownloadException(
                $"{file.Url}: {error.Message.TrimEnd('.')}; run this again to go on, or fetch it on another machine and save it as {target}", error);
        }

        File.Delete(mark);
        if (file.Member is { } member)
            Unpack(file, part, member);
        if (FileCheck.Fault(file, part) is { } fault)
        {
            File.Delete(part); // going on from damaged bytes would never end
            throw new DownloadException($"{file.Url}: what came {fault}; nothing was kept");
        }

        File.Move(part, target);
        return target;
    }

    // Puts a member of the archive in its place.
    private static void Unpack(OfficialFile file, string archive, string member)
    {
        string unpacked = archive + ".member";
        try
        {
            using (var zip = ZipFile.OpenRead(archive))
                (zip.GetEntry(member) ?? throw new DownloadException($"{file.Url}: what came has no {member}; nothing was kept"))
                    .ExtractToFile(unpacked, overwrite: true);
            File.Move(unpacked, archive, overwrite: true);
        }
        catch (Exception error) when (error is InvalidDataException or DownloadException)
        {
            File.Delete(archive);
            File.Delete(unpacked);
            throw error as DownloadException ?? new DownloadException($"{file.Url}: what came is no ZIP archive; nothing was kept", error);
        }
    }

    private async Task ReceiveAsync(OfficialFile file, string part, string mark, Action<long, long?>? progress, CancellationToken cancellation)
    {
        long have = File.Exists(part) && File.Exists(mark) ? new FileInfo(part).Length : 0;
        using var request = new HttpRequestMessage(HttpMethod.Get, file.Url);
        if (have > 0)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(
                EntityTagHeaderValue.Parse(await File.ReadAllTextAsync(mark, cancellation).ConfigureAwait(false)));
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            return; // all of it is here already
        response.EnsureSuccessStatusCode();
        bool goesOn = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        if (!goesOn)
            have = 0;
        if (response.Headers.ETag is { IsWeak: false } tag)
            await File.WriteAllTextAsync(mark, tag.ToString(), cancellation).ConfigureAwait(false);
        else
            File.Delete(mark); // nothing would tell whether the rest belongs to it

        long? total = have + response.Content.Headers.ContentLength;
        using var input = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
        using var output = new FileStream(part, goesOn ? FileMode.Append : FileMode.Create, FileAccess.Write);
        var buffer = new byte[BufferSize];
        for (int count; (count = await input.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            await output.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
            progress?.Invoke(have += count, total);
        }
    }
}

/// <summary>A file could not be fetched, or is not what it should be; the message says what to do instead.</summary>
public sealed class DownloadException(string message, Exception? inner = null) : UnpressException(message, inner);

/// <summary>Whether a file is what its makers published.</summary>
internal static class FileCheck
{
    /// <summary>What is wrong with it, one phrase; null when nothing is.</summary>
    public static string? Fault(OfficialFile file, string path)
    {
        long length = new FileInfo(path).Length;
        if (file.Bytes is { } bytes && length != bytes)
            return $"has {length} bytes, expected {bytes}";
        if (file.Sha256 is { } expected && Hash(path) is var hash && !hash.StartsWith(expected, StringComparison.OrdinalIgnoreCase))
            return $"has SHA-256 {hash}, expected {expected}{(expected.Length < 64 ? "…" : "")}";
        if (!file.Tensors)
            return null;
        try
        {
            WeightFile.Open(path).Dispose();
            return null;
        }
        catch (WeightsFormatException error)
        {
            return error.Reason; // a server's page of apologies, most of the time
        }
    }

    /// <summary>Lower-case hexadecimal.</summary>
    public static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Sha256.Of(stream);
    }
}
