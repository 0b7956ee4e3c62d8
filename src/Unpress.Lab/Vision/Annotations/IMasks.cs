using Unpress.Imaging;

namespace Unpress.Vision.Annotations;

/// <summary>What each pixel of the pictures of a set shows. Pictures are known by their file name without folder and extension.</summary>
public interface IMasks
{
    /// <summary>Why a picture cannot be judged; null where it can.</summary>
    string? Lacks(string picture);

    /// <returns>A gray picture of classes; <see cref="VocMask.Nothing"/> does not count.</returns>
    /// <exception cref="InvalidFileException">Missing or damaged.</exception>
    ImageBuffer Of(string picture);
}
