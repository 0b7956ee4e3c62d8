using System.Buffers.Binary;
using System.Text;

namespace Unpress.Imaging.Formats;

/// <summary>Binary PGM for gray, PPM for RGB; without the date that libvips puts into a comment, so equal pictures are equal files.</summary>
internal static class PnmWriter
{
    public static void Write(ImageBuffer image, Stream output)
    {
        string kind = image.Model == ColourModel.Gray ? "P5" : "P6";
        output.Write(Encoding.ASCII.GetBytes($"{kind}\n{image.Width} {image.Height}\n{image.MaxValue}\n"));
        if (image.BitsPerSample == 8)
        {
            output.Write(image.Data);
            return;
        }
        // Samples are big-endian.
        var row = new ushort[image.Width * image.Bands];
        var bytes = new byte[row.Length * 2];
        for (int y = 0; y < image.Height; y++)
        {
            image.Data16.Slice(y * row.Length, row.Length).CopyTo(row);
            for (int i = 0; i < row.Length; i++)
                BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2 * i), row[i]);
            output.Write(bytes);
        }
    }
}
