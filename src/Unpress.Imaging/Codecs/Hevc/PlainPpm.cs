using System.Globalization;
using System.Text;

namespace Unpress.Imaging.Codecs.Hevc;

/// <summary>Reads the 8-bit binary PPM (P6) or PGM (P5) that bpgdec writes: "P6 width height 255", one white space, the samples.</summary>
internal static class PlainPpm
{
    /// <exception cref="InvalidDataException">Something else, or too short.</exception>
    public static ImageBuffer Read(ReadOnlySpan<byte> file)
    {
        string kind = NextWord(ref file);
        if (kind is not ("P5" or "P6"))
            throw new InvalidDataException("not a PPM picture");
        int width = Number(ref file), height = Number(ref file), maximum = Number(ref file);
        if (width < 1 || height < 1 || maximum != 255)
            throw new InvalidDataException("not an 8-bit PPM picture");
        var image = new ImageBuffer(width, height, kind == "P5" ? ColourModel.Gray : ColourModel.Rgb);
        if (file.Length < image.Data.Length)
            throw new InvalidDataException("the PPM picture is cut short");
        file[..image.Data.Length].CopyTo(image.Data);
        return image;
    }

    private static int Number(ref ReadOnlySpan<byte> file) =>
        int.TryParse(NextWord(ref file), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0;

    // A word and the one white-space byte after it; bpgdec writes no comments.
    private static string NextWord(ref ReadOnlySpan<byte> file)
    {
        int end = file.IndexOfAny(" \n\r\t"u8);
        if (end < 0)
            throw new InvalidDataException("the PPM header is cut short");
        string word = Encoding.ASCII.GetString(file[..end]);
        file = file[(end + 1)..];
        return word;
    }
}
