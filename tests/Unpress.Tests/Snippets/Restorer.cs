using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Models;

namespace Unpress.Tests.Snippets;

public static class Restorer
{
    public static void Restore(string photo, string result)
    {
        using var enhancer = new ModelEnhancer("photo", OnnxModel.Open(ModelFinder.Find("photo")));
        ImageBuffer damaged = ImageFile.Load(photo);
        ImageBuffer restored = enhancer.Enhance(damaged);
        ImageFile.Save(restored, result);
    }
}
