using Unpress.Files;
using Unpress.Imaging;

namespace Unpress.Inference.Jobs;

/// <summary>
/// What an <see cref="InputFile"/> names: a file, read as often as it is asked for, or standard input or another pipe, which can be read
/// once.
/// </summary>
/// <param name="Name">What error messages call it.</param>
/// <param name="Held">The bytes of a pipe; null for a file.</param>
internal sealed record InputSource(string Name, byte[]? Held)
{
    public static InputSource Of(InputFile input)
    {
        bool isPipe = !input.IsStandard && NativeFileKind.IsPipe(input.Path);
        if (!input.IsStandard && !isPipe)
            return new InputSource(input.Path, null);
        string name = isPipe ? input.Path : "standard input";
        using var stream = isPipe ? File.OpenRead(input.Path) : Console.OpenStandardInput();
        return new InputSource(name, ImageFile.ReadBytes(stream, name));
    }

    /// <exception cref="InvalidFileException">Not a readable picture.</exception>
    public ImageBuffer Load(IPictureFiles files, CancellationToken cancellation) =>
        Held is null ? files.Load(Name, cancellation) : files.Load(Held, Name, cancellation);

    public byte[] Bytes() => Held ?? File.ReadAllBytes(Name);
}
