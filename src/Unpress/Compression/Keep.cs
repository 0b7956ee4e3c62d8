namespace Unpress.Compression;

/// <summary>Which files a compression leaves behind.</summary>
public enum Keep
{
    /// <summary>The codec's own file.</summary>
    Bitstream,

    /// <summary>What a viewer would see, as PNG: for programs that cannot read the codec's own file.</summary>
    Decoded,

    Both,
}
