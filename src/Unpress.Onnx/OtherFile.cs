namespace Unpress.Onnx;

/// <summary>What people take for a model by mistake, by its first bytes.</summary>
internal static class OtherFile
{
    private static readonly (byte[] Head, string What)[] Heads =
    [
        ([0x89, (byte)'P', (byte)'N', (byte)'G'], "a PNG picture"),
        ([0xFF, 0xD8, 0xFF], "a JPEG picture"),
        ([(byte)'P', (byte)'K', 3, 4], "a ZIP archive: unpack it, or, where it is a PyTorch file, export that to ONNX first"),
        ([0x1F, 0x8B], "a gzip archive: unpack it"),
        ([0x80, 2], "a pickle of Python: export the network to ONNX first"),
        ("version https://git-lfs"u8.ToArray(), "the note that Git LFS leaves in the place of a file: fetch it with 'git lfs pull'"),
        ([(byte)'<'], "a web page, or another text: fetch the file itself"),
        ([(byte)'{'], "a JSON text"),
    ];

    /// <summary>"is a PNG picture, no ONNX file"; null where it looks like nothing that is known.</summary>
    public static string? Name(string path)
    {
        Span<byte> head = stackalloc byte[64];
        try
        {
            using var stream = File.OpenRead(path);
            head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        foreach (var (known, what) in Heads)
            if (head.StartsWith(known))
                return $"is no ONNX file but {what}";
        return head.Length > 0 && IsText(head) ? "is no ONNX file but a text" : null;
    }

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (byte one in head)
            if (one is < 9 or (> 13 and < 32) or > 126)
                return false;
        return true;
    }
}
