using Unpress.Imaging.Codecs.Hevc;

namespace Unpress.Imaging.Codecs;

/// <summary>Every codec there is. A new one is a file beside this one and one line here.</summary>
public static class CodecList
{
    public static IReadOnlyList<ICodec> All { get; } =
    [
        JpegCodec.Instance,
        new HevcCodec(),
        new WebPCodec(),
        new AvifCodec(),
        new Jpeg2000Codec(),
    ];

    /// <summary>The codec of that name, in any letter case.</summary>
    /// <exception cref="ArgumentException">No codec has the name; the message lists those that exist.</exception>
    public static ICodec Find(string name) => ByName.Find(All, "codec", name, codec => codec.Name);
}
