using System.Globalization;
using Unpress.Imaging;

namespace Unpress.Cli;

/// <summary>Cells of comma-separated files (RFC 4180).</summary>
internal static class CsvText
{
    /// <exception cref="InvalidFileException">It cannot be written.</exception>
    public static void Write(FileInfo file, string text)
    {
        try
        {
            File.WriteAllText(file.FullName, text); // not AtomicFile, which refuses /dev/stdout
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            string reason = file.Directory is { Exists: false } ? "its folder does not exist" : Directory.Exists(file.FullName) ? "a folder has this name" : error.Message;
            throw new InvalidFileException(file.FullName, $"cannot be written: {reason}", error);
        }
    }

    public static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>All digits, with a point; "inf" for infinity.</summary>
    public static string Cell(double value) =>
        double.IsPositiveInfinity(value) ? "inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
