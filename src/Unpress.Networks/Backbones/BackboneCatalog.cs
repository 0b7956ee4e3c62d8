namespace Unpress.Networks.Backbones;

/// <summary>All feature backbones. A new one is a file beside this one and one line here.</summary>
public static class BackboneCatalog
{
    public static IReadOnlyList<BackboneEntry> All { get; } =
    [
        Vgg.Vgg16Entry,
        Vgg.Vgg19Entry,
        ResNet18.Entry,
        ResNet50.Entry,
        AlexNet.Entry,
        SqueezeNet.Entry,
        InceptionV3.Entry,
    ];

    /// <exception cref="ArgumentException">No such backbone; the message lists the names.</exception>
    public static BackboneEntry Find(string name) => ByName.Find(All, "backbone", name, entry => entry.Name);
}
