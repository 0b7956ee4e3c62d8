namespace Unpress.Imaging;

/// <summary>Reads and writes picture files: in this process, <see cref="DirectFiles"/>, or in others, <see cref="Workers.PictureWorkers"/>.</summary>
public interface IPictureFiles
{
    /// <exception cref="InvalidFileException">Missing, unreadable, not a picture, damaged, cut off, over the limits, or more than its
    /// reader could bear.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    ImageBuffer Load(string path, CancellationToken cancellation = default);

    /// <inheritdoc cref="Load(string, CancellationToken)"/>
    /// <param name="name">What error messages call it.</param>
    ImageBuffer Load(byte[] bytes, string name, CancellationToken cancellation = default);

    /// <summary>As <see cref="ImageFile.Save"/>.</summary>
    /// <exception cref="InvalidFileException">The format cannot hold the picture, the file cannot be written, or is there and must not be replaced.</exception>
    void Save(ImageBuffer image, string path, SaveOptions options, bool replace, CancellationToken cancellation = default);

    /// <summary>As <see cref="ImageFile.Encode(ImageBuffer, SaveOptions?, string)"/>.</summary>
    byte[] Encode(ImageBuffer image, SaveOptions options, string name, CancellationToken cancellation = default);
}

/// <summary>Decoders and encoders in this process: a crash of theirs is its end.</summary>
public sealed class DirectFiles(ImageLimits? limits = null) : IPictureFiles
{
    public ImageBuffer Load(string path, CancellationToken cancellation = default) => ImageFile.Load(path, limits);

    public ImageBuffer Load(byte[] bytes, string name, CancellationToken cancellation = default) => ImageFile.Load(bytes, name, limits);

    public void Save(ImageBuffer image, string path, SaveOptions options, bool replace, CancellationToken cancellation = default) =>
        ImageFile.Save(image, path, options, replace);

    public byte[] Encode(ImageBuffer image, SaveOptions options, string name, CancellationToken cancellation = default) =>
        ImageFile.Encode(image, options, name);
}
