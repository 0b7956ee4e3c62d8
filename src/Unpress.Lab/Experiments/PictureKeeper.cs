using Unpress.Imaging;

namespace Unpress.Lab.Experiments;

/// <summary>Keeps a few of the pictures for the report, those that are not there yet.</summary>
internal sealed class PictureKeeper(LabSession session)
{
    public void KeepRaw(LabPicture picture, ImageBuffer image)
    {
        if (picture.Kept)
            Save(image, session.Folder.Raw(picture.Set, picture.Name));
    }

    public void Keep(LabPicture picture, PictureCompression compression, string enhancer, int cycle, ImageBuffer image)
    {
        if (picture.Kept && (cycle == 0 || session.Recipe.Keep.Cycles?.Contains(cycle) != false))
            Save(image, session.Folder.Picture(picture.Set, picture.Name, compression.Label, compression.Setting, enhancer, cycle));
    }

    private static void Save(ImageBuffer image, string path)
    {
        if (File.Exists(path))
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        ImageFile.Save(image, path);
    }
}
