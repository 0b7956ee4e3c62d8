using System.Buffers.Binary;
using System.Text;

namespace Unpress.Imaging.Formats;

/// <summary>
/// Netpbm's PBM, PGM and PPM (P1–P6), text and binary, 8 or 16 bits. Samples are stretched from 0..maxval to 0..255 or, above 255, to 0..65535,
/// with rounding; of a bitmap 1 is black. Every sample must be there and at most maxval; what follows the first picture is left alone.
/// </summary>
internal static class PnmReader
{
    public static ImageBuffer Read(byte[] file, string name, ImageLimits limits)
    {
        var header = new Text(file, name) { At = 2 };
        int kind = file[1] - '0';
        bool bitmap = kind is 1 or 4, binary = kind >= 4;
        int width = header.Number("width"), height = header.Number("height"), max = bitmap ? 1 : header.Number("maxval");
        limits.Check(name, width, height);
        if (max is < 1 or > 65535)
            throw new InvalidFileException(name, $"the header gives a maxval of {max}; 1 to 65535 are known", fault: FailureCode.Damaged);
        ColourModel model = kind is 3 or 6 ? ColourModel.Rgb : ColourModel.Gray;
        int bands = model == ColourModel.Rgb ? 3 : 1, bytes = max > 255 ? 2 : 1;
        limits.CheckMemory(name, width, height, bands * bytes);
        long samples = (long)width * height * bands;
        if (binary)
            header.At++; // the one white-space character
        // A sample of a text takes a digit and, but in bitmaps, a blank; the last needs none.
        long needed = binary ? bitmap ? (width + 7L) / 8 * height : samples * bytes : bitmap ? samples : (samples * 2) - 1;
        if (file.Length - header.At < needed)
            throw CutOff(name);
        var image = new ImageBuffer(width, height, model, bitsPerSample: bytes * 8) { Metadata = new ImageMetadata { SourceFormat = "ppm" } };
        if (binary && bitmap)
            ReadBits(file.AsSpan(header.At), image);
        else if (binary && max is 255)
            file.AsSpan(header.At, image.Data.Length).CopyTo(image.Data);
        else if (binary)
            ReadBinary(file.AsSpan(header.At), image, new Levels(max, image.MaxValue, name));
        else
            ReadText(header, image, new Levels(max, image.MaxValue, name), bitmap);
        return image;
    }

    private static void ReadBits(ReadOnlySpan<byte> rows, ImageBuffer image)
    {
        int stride = (image.Width + 7) / 8;
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> row = rows.Slice(y * stride, stride);
            Span<byte> target = image.Data.AsSpan(y * image.Width, image.Width);
            for (int x = 0; x < target.Length; x++)
                target[x] = (byte)((row[x >> 3] << (x & 7) & 0x80) != 0 ? 0 : 255);
        }
    }

    private static void ReadBinary(ReadOnlySpan<byte> samples, ImageBuffer image, Levels levels)
    {
        if (image.BitsPerSample == 8)
        {
            for (int i = 0; i < image.Data.Length; i++)
                image.Data[i] = (byte)levels.Of(samples[i]);
            return;
        }
        Span<ushort> target = image.Data16;
        for (int i = 0; i < target.Length; i++)
            target[i] = levels.Of((samples[2 * i] << 8) | samples[(2 * i) + 1]);
    }

    private static void ReadText(Text text, ImageBuffer image, Levels levels, bool bitmap)
    {
        Span<ushort> deep = image.BitsPerSample == 16 ? image.Data16 : default;
        int count = deep.IsEmpty ? image.Data.Length : deep.Length;
        for (int i = 0; i < count; i++)
        {
            ushort level = levels.Of(bitmap ? 1 - text.Bit() : text.Number("sample"));
            if (deep.IsEmpty)
                image.Data[i] = (byte)level;
            else
                deep[i] = level;
        }
    }

    /// <summary>0..maxval stretched to 0..255 or 0..65535.</summary>
    private sealed class Levels
    {
        private readonly ushort[] _table;
        private readonly string _name;

        public Levels(int max, int highest, string name)
        {
            (_table, _name) = (new ushort[max + 1], name);
            for (int i = 0; i <= max; i++)
                _table[i] = (ushort)(((i * (long)highest) + (max / 2)) / max);
        }

        public ushort Of(int sample) => (uint)sample < (uint)_table.Length
            ? _table[sample]
            : throw new InvalidFileException(_name, $"damaged: a sample of {sample} where {_table.Length - 1} is the highest", fault: FailureCode.Damaged);
    }

    private static InvalidFileException CutOff(string name) => new(name, "cut off: fewer samples than the header promises", fault: FailureCode.Damaged);

    /// <summary>Decimal numbers between white space and comments, which run from # to the end of the line.</summary>
    private sealed class Text(byte[] file, string name)
    {
        public int At { get; set; }

        public int Number(string what)
        {
            SkipBlanks();
            int start = At;
            long number = 0;
            while (At < file.Length && file[At] is >= (byte)'0' and <= (byte)'9')
                number = Math.Min(int.MaxValue, (number * 10) + file[At++] - '0');
            if (At == start)
                throw Wrong(what);
            return (int)number;
        }

        public int Bit()
        {
            SkipBlanks();
            if (At < file.Length && file[At] is (byte)'0' or (byte)'1')
                return file[At++] - '0';
            throw Wrong("sample");
        }

        private void SkipBlanks()
        {
            while (At < file.Length && file[At] is 9 or 10 or 11 or 12 or 13 or 32 or (byte)'#')
            {
                if (file[At++] != '#')
                    continue;
                while (At < file.Length && file[At] is not (10 or 13))
                    At++;
            }
        }

        private InvalidFileException Wrong(string what) =>
            At >= file.Length ? CutOff(name) : new(name, $"damaged: no number where the {what} should be", fault: FailureCode.Damaged);
    }
}

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
