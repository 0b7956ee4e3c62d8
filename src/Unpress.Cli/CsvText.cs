using System.Globalization;
using Unpress.Imaging;

namespace Unpress.Cli;

/// <summary>Cells of comma-separated files (RFC 4180).</summary>
internal static class CsvText
{
    /// <summary>A file appears whole or not at all; a device such as /dev/stdout just gets the text.</summary>
    /// <exception cref="InvalidFileException">It cannot be written.</exception>
    public static void Write(FileInfo file, string text)
    {
        if (AtomicFile.IsDevice(file.FullName))
            File.WriteAllText(file.FullName, text);
        else
            AtomicFile.Write(file.FullName, temporary => File.WriteAllText(temporary, text));
    }

    public static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>All digits, with a point; "inf" for infinity.</summary>
    public static string Cell(double value) =>
        double.IsPositiveInfinity(value) ? "inf" : value.ToString("R", CultureInfo.InvariantCulture);
}
