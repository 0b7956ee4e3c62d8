using Unpress.Files;
using Unpress.Imaging;

namespace Unpress.Inference.Jobs;

/// <summary>What an <see cref="InputFile"/> names: a file, read as often as it is asked for, or standard input, which can be read once.</summary>
/// <param name="Name">What error messages call it.</param>
/// <param name="Held">The bytes of standard input; null for a file.</param>
internal sealed record InputSource(string Name, byte[]? Held)
{
    public static InputSource Of(InputFile input)
    {
        if (!input.IsStandard)
            return new InputSource(input.Path, null);
        using var memory = new MemoryStream();
        using var stream = Console.OpenStandardInput();
        stream.CopyTo(memory);
        return new InputSource("standard input", memory.ToArray());
    }

    /// <exception cref="InvalidFileException">Not a readable picture.</exception>
    public ImageBuffer Load() => Held is null ? ImageFile.Load(Name) : ImageFile.Load(Held, Name);

    public byte[] Bytes() => Held ?? File.ReadAllBytes(Name);
}
