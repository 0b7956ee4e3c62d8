using Unpress.Imaging;

namespace Unpress.Inference.Jobs;

/// <summary>What an <see cref="EnhanceInput"/> names: a file, read as often as it is asked for, or standard input, which can be read once.</summary>
/// <param name="Name">What error messages call it.</param>
/// <param name="Held">The bytes of standard input; null for a file.</param>
internal sealed record InputFile(string Name, byte[]? Held)
{
    public static InputFile Of(EnhanceInput input)
    {
        if (!input.IsStandard)
            return new InputFile(input.Path, null);
        using var memory = new MemoryStream();
        using var stream = Console.OpenStandardInput();
        stream.CopyTo(memory);
        return new InputFile("standard input", memory.ToArray());
    }

    /// <exception cref="InvalidFileException">Not a readable picture.</exception>
    public ImageBuffer Load() => Held is null ? ImageFile.Load(Name) : ImageFile.Load(Held, Name);

    public byte[] Bytes() => Held ?? File.ReadAllBytes(Name);
}
