using Unpress.Imaging;
using Unpress.Torch.Weights;

namespace Unpress.Downloads;

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
