using System.Runtime.InteropServices;

namespace Unpress.Imaging.Formats;

/// <summary>A picture that libvips has opened but not decoded.</summary>
internal sealed unsafe class VipsImage : SafeHandle
{
    private VipsImage(void* image, ImageFacts facts)
        : base(0, ownsHandle: true)
    {
        SetHandle((nint)image);
        Facts = facts;
    }

    public ImageFacts Facts { get; }

    public override bool IsInvalid => handle == 0;

    /// <param name="path">The file, or null to read <paramref name="bytes"/>, which stay in place until this is disposed.</param>
    /// <exception cref="NativeImageException">libvips cannot open it.</exception>
    public static VipsImage Open(string? path, byte* bytes, long length, int format)
    {
        ImageFacts facts;
        void* image;
        Native.Check(Native.image_open(path, bytes, length, format, &facts, &image));
        return new VipsImage(image, facts);
    }

    /// <param name="kind">0 ICC, 1 EXIF, 2 XMP. Not IPTC: what libvips calls so differs from one container to the next.</param>
    public byte[]? Metadata(int kind)
    {
        byte* bytes;
        long length;
        Native.Check(Native.image_metadata((void*)handle, kind, &bytes, &length));
        return length == 0 ? null : new ReadOnlySpan<byte>(bytes, checked((int)length)).ToArray();
    }

    public void Read(ImageBuffer target, int orientation)
    {
        fixed (byte* pixels = target.Data)
        {
            Native.Check(Native.image_read((void*)handle, pixels, target.Data.LongLength, orientation));
        }
    }

    protected override bool ReleaseHandle() => Native.image_close((void*)handle) == 0;
}
