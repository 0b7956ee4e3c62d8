using System.Text;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Colour;
using Unpress.Imaging.Metadata;
using Unpress.Imaging.Processes;

namespace Unpress.Inference;

/// <summary>
/// Another program as an enhancer: it reads a PNG, or the JPEG that the picture comes from, and writes a picture in any format that can be read
/// here. Started once a picture, without a shell, in the current directory; what it starts itself ends with it. A result in other bands is brought
/// to those of the input: RGB of a gray picture back to gray, alpha left out.
/// </summary>
public sealed class ExternalEnhancer : IEnhancer
{
    /// <summary>Stands in the command for the PNG to read.</summary>
    public const string In = "{in}";

    /// <summary>Stands in the command for the JPEG to read, for programs that work on coefficients.</summary>
    public const string Jpeg = "{jpeg}";

    /// <summary>Stands in the command for the file to write.</summary>
    public const string Out = "{out}";

    private readonly IReadOnlyList<string> _words;
    private readonly TimeSpan _timeout;

    /// <param name="command">Program and arguments, with <see cref="In"/> or <see cref="Jpeg"/>, and <see cref="Out"/>.</param>
    /// <param name="timeout">For one picture; after it the program is stopped.</param>
    /// <exception cref="ArgumentException">The command names no program, or one of the files is not in it.</exception>
    /// <exception cref="MissingToolException">The program is not on this machine.</exception>
    public ExternalEnhancer(string name, string command, TimeSpan timeout)
    {
        _words = CommandWords.Split(command);
        if (Fault(command) is { } fault)
            throw new ArgumentException(fault);
        if (!OperatingSystem.IsWindows() && ProgramFinder.Fault(_words[0]) is { } missing)
            throw new MissingToolException(_words[0], missing);
        (Name, _timeout) = (name, timeout);
    }

    public string Name { get; }

    /// <summary>What is wrong with a command, one line; null when nothing is.</summary>
    public static string? Fault(string command)
    {
        bool reads = command.Contains(In, StringComparison.Ordinal) || command.Contains(Jpeg, StringComparison.Ordinal);
        return reads && command.Contains(Out, StringComparison.Ordinal) && !command.TrimStart().StartsWith('{')
            ? null
            : $"the command '{command}' must be a program with {In} (or {Jpeg}) and {Out} among its arguments";
    }

    /// <inheritdoc/>
    /// <exception cref="ProcessFailedException">It could not be started, ended with another code than 0, took too long, or wrote no picture.</exception>
    /// <exception cref="UnsuitablePictureException">What it wrote has another size, or it reads JPEG and the picture is none.</exception>
    public ImageBuffer Enhance(ImageBuffer image, NoiseDraw? draw, Action<TileProgress>? progress, CancellationToken cancellation)
    {
        if (draw is not null)
            throw new ArgumentException($"{Name} has one answer for a picture");
        using var folder = new ScratchFolder();
        string output = folder.Combine("out.png");
        var files = new Dictionary<string, string> { [In] = folder.Combine("in.png"), [Jpeg] = folder.Combine("in.jpg"), [Out] = output };
        if (Names(In))
            ImageFile.Save(image, files[In], new SaveOptions { Metadata = MetadataPolicy.None });
        if (Names(Jpeg))
            File.WriteAllBytes(files[Jpeg], image.Metadata.JpegFile
                ?? throw new UnsuitablePictureException($"{Name} reads JPEG, and this picture comes from none"));
        string[] words = [.. _words.Select(word => files.Aggregate(word, (text, file) => text.Replace(file.Key, file.Value, StringComparison.Ordinal)))];
        ChildProcess.Run(words[0], words[1..], ReadOnlyMemory<byte>.Empty, _timeout, cancellation, unknown: true);
        // A pipe would be waited for.
        if (!File.Exists(output) || !NativeFileKind.IsOrdinary(output))
            throw new ProcessFailedException($"{Path.GetFileName(words[0])} ended well but wrote no {Out}");
        return Fit(Load(output, words[0]), image);
    }

    // The file is gone when the message is read, and has another name each time.
    private static ImageBuffer Load(string output, string program)
    {
        try
        {
            return ImageFile.Load(output);
        }
        catch (InvalidFileException error)
        {
            throw new ProcessFailedException($"{Path.GetFileName(program)} wrote no picture to {Out}: {error.Reason}", error);
        }
    }

    private bool Names(string file) => _words.Any(word => word.Contains(file, StringComparison.Ordinal));

    private ImageBuffer Fit(ImageBuffer result, ImageBuffer image)
    {
        if (result.Width != image.Width || result.Height != image.Height)
            throw new UnsuitablePictureException($"{Name} made {result.Width}x{result.Height} of {image.Width}x{image.Height}");
        var colour = PixelConversion.ToEightBitColour(result);
        return image.Model == ColourModel.Gray ? PixelConversion.ToGray(colour)
            : colour.Model == ColourModel.Gray ? Spread(colour)
            : colour;
    }

    private static ImageBuffer Spread(ImageBuffer gray)
    {
        var rgb = new ImageBuffer(gray.Width, gray.Height, ColourModel.Rgb);
        for (int i = 0; i < gray.Data.Length; i++)
            rgb.Data.AsSpan(3 * i, 3).Fill(gray.Data[i]);
        return rgb;
    }
}

/// <summary>The words of a command line, without a shell: blanks part words, single and double quotes keep them together, nothing else is special.</summary>
internal static class CommandWords
{
    /// <exception cref="ArgumentException">A quote is not closed.</exception>
    public static IReadOnlyList<string> Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool begun = false;
        char? quote = null;
        foreach (char letter in command)
        {
            if (quote is null && char.IsWhiteSpace(letter))
            {
                if (begun)
                    words.Add(word.ToString());
                word.Clear();
                begun = false;
                continue;
            }

            begun = true;
            if (quote is null && letter is ('"' or '\''))
                quote = letter;
            else if (quote == letter)
                quote = null;
            else
                word.Append(letter);
        }

        if (quote is not null)
            throw new ArgumentException($"the command {command} has an open quote");
        if (begun)
            words.Add(word.ToString());
        return words;
    }
}
