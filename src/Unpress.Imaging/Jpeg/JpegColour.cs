using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Unpress.Imaging.Jpeg;

/// <summary>
/// Rows of interleaved pixels to rows of planes and back with libjpeg's arithmetic: JFIF's full-range BT.601, constants of 16
/// fractional bits with five decimal places, one rounding a sample.
/// </summary>
internal static unsafe class JpegColour
{
    private const int Half = 1 << 15;
    private const int LumaR = 19595, LumaG = 38470, LumaB = 7471;
    private const int CbR = 11059, CbG = 21709, CrG = 27439, CrB = 5329;
    private const int ChromaOffset = (128 << 16) + Half - 1;
    private const int RedCr = 91881, GreenCb = 22554, GreenCr = 46802, BlueCb = 116130;

    /// <param name="rgb">3 × <paramref name="width"/> samples.</param>
    public static void ToYcc(byte* rgb, byte* luma, byte* cb, byte* cr, int width)
    {
        int x = 0;
        if (Avx2.IsSupported && width >= 16)
        {
            for (; x <= width - 16; x += 16)
                ToYcc16(rgb + (3 * x), luma + x, cb + x, cr + x);
            if (x == width)
                return;
            x = width - 16; // the last 16 once more, partly
            ToYcc16(rgb + (3 * x), luma + x, cb + x, cr + x);
            return;
        }

        ToYccPlain(rgb, luma, cb, cr, width);
    }

    /// <param name="rgb">3 × <paramref name="width"/> samples.</param>
    public static void ToRgb(byte* luma, byte* cb, byte* cr, byte* rgb, int width)
    {
        int x = 0;
        if (Avx2.IsSupported && width >= 16)
        {
            for (; x <= width - 16; x += 16)
                ToRgb16(luma + x, cb + x, cr + x, rgb + (3 * x));
            if (x == width)
                return;
            x = width - 16;
            ToRgb16(luma + x, cb + x, cr + x, rgb + (3 * x));
            return;
        }

        ToRgbPlain(luma, cb, cr, rgb, width);
    }

    /// <summary>YCCK, as Adobe's programs write it, to CMYK as they store it: the colours are inverted, K is as it is.</summary>
    /// <param name="cmyk">4 × <paramref name="width"/> samples.</param>
    public static void ToCmyk(byte* luma, byte* cb, byte* cr, byte* black, byte* cmyk, int width)
    {
        byte* rgb = stackalloc byte[3];
        for (int x = 0; x < width; x++, cmyk += 4)
        {
            ToRgbPlain(luma + x, cb + x, cr + x, rgb, 1);
            cmyk[0] = (byte)(255 - rgb[0]);
            cmyk[1] = (byte)(255 - rgb[1]);
            cmyk[2] = (byte)(255 - rgb[2]);
            cmyk[3] = black[x];
        }
    }

    /// <summary>Every <paramref name="bands"/>th sample, from the first.</summary>
    public static void TakeBand(byte* interleaved, int bands, byte* plane, int width)
    {
        if (bands == 1)
        {
            Unsafe.CopyBlockUnaligned(plane, interleaved, (uint)width);
            return;
        }

        for (int x = 0; x < width; x++)
            plane[x] = interleaved[x * bands];
    }

    /// <summary>The reverse of <see cref="TakeBand"/>.</summary>
    public static void PutBand(byte* plane, byte* interleaved, int bands, int width)
    {
        if (bands == 1)
        {
            Unsafe.CopyBlockUnaligned(interleaved, plane, (uint)width);
            return;
        }

        for (int x = 0; x < width; x++)
            interleaved[x * bands] = plane[x];
    }

    internal static void ToYccPlain(byte* rgb, byte* luma, byte* cb, byte* cr, int width)
    {
        for (int x = 0; x < width; x++, rgb += 3)
        {
            int r = rgb[0], g = rgb[1], b = rgb[2];
            luma[x] = (byte)(((LumaR * r) + (LumaG * g) + (LumaB * b) + Half) >> 16);
            cb[x] = (byte)(((b << 15) - (CbR * r) - (CbG * g) + ChromaOffset) >> 16);
            cr[x] = (byte)(((r << 15) - (CrG * g) - (CrB * b) + ChromaOffset) >> 16);
        }
    }

    internal static void ToRgbPlain(byte* luma, byte* cb, byte* cr, byte* rgb, int width)
    {
        for (int x = 0; x < width; x++, rgb += 3)
        {
            int y = luma[x], blue = cb[x] - 128, red = cr[x] - 128;
            rgb[0] = Clamp(y + (((RedCr * red) + Half) >> 16));
            rgb[1] = Clamp(y + ((Half - (GreenCb * blue) - (GreenCr * red)) >> 16));
            rgb[2] = Clamp(y + (((BlueCb * blue) + Half) >> 16));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ToYcc16(byte* rgb, byte* luma, byte* cb, byte* cr)
    {
        Vector128<byte> p0 = Vector128.Load(rgb), p1 = Vector128.Load(rgb + 16), p2 = Vector128.Load(rgb + 32);
        var r = Avx2.ConvertToVector256Int16(
            Ssse3.Shuffle(p0, Vector128.Create(0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Ssse3.Shuffle(p1, Vector128.Create(255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14, 255, 255, 255, 255, 255))
            | Ssse3.Shuffle(p2, Vector128.Create(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 4, 7, 10, 13)));
        var g = Avx2.ConvertToVector256Int16(
            Ssse3.Shuffle(p0, Vector128.Create(1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Ssse3.Shuffle(p1, Vector128.Create(255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15, 255, 255, 255, 255, 255))
            | Ssse3.Shuffle(p2, Vector128.Create(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 2, 5, 8, 11, 14)));
        var b = Avx2.ConvertToVector256Int16(
            Ssse3.Shuffle(p0, Vector128.Create(2, 5, 8, 11, 14, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255))
            | Ssse3.Shuffle(p1, Vector128.Create(255, 255, 255, 255, 255, 1, 4, 7, 10, 13, 255, 255, 255, 255, 255, 255))
            | Ssse3.Shuffle(p2, Vector128.Create(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 3, 6, 9, 12, 15)));

        // 38470 does not fit 16 bits: a quarter of green goes with blue.
        var zero = Vector256<short>.Zero;
        Vector256<short> rgLow = Avx2.UnpackLow(r, g), rgHigh = Avx2.UnpackHigh(r, g);
        Vector256<short> bgLow = Avx2.UnpackLow(b, g), bgHigh = Avx2.UnpackHigh(b, g);
        Vector256<short> lumaRg = Factors(LumaR, LumaG - 16384), lumaBg = Factors(LumaB, 16384);
        var half = Vector256.Create(Half);
        Store(
            (Avx2.MultiplyAddAdjacent(rgLow, lumaRg) + Avx2.MultiplyAddAdjacent(bgLow, lumaBg) + half) >> 16,
            (Avx2.MultiplyAddAdjacent(rgHigh, lumaRg) + Avx2.MultiplyAddAdjacent(bgHigh, lumaBg) + half) >> 16,
            luma);

        Vector256<short> cbRg = Factors(-CbR, -CbG), crBg = Factors(-CrB, -CrG);
        var offset = Vector256.Create(ChromaOffset);
        Store(
            (Avx2.MultiplyAddAdjacent(rgLow, cbRg) + (Avx2.UnpackLow(zero, b).AsInt32() >>> 1) + offset) >> 16,
            (Avx2.MultiplyAddAdjacent(rgHigh, cbRg) + (Avx2.UnpackHigh(zero, b).AsInt32() >>> 1) + offset) >> 16,
            cb);
        Store(
            (Avx2.MultiplyAddAdjacent(bgLow, crBg) + (Avx2.UnpackLow(zero, r).AsInt32() >>> 1) + offset) >> 16,
            (Avx2.MultiplyAddAdjacent(bgHigh, crBg) + (Avx2.UnpackHigh(zero, r).AsInt32() >>> 1) + offset) >> 16,
            cr);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ToRgb16(byte* luma, byte* cb, byte* cr, byte* rgb)
    {
        var centre = Vector256.Create((short)128);
        var y = Avx2.ConvertToVector256Int16(luma);
        Vector256<short> blue = Avx2.ConvertToVector256Int16(cb) - centre, red = Avx2.ConvertToVector256Int16(cr) - centre;

        // 1.402 = 1 + 0.402 and 1.772 = 2 − 0.228: the product of the double, halved with rounding, keeps 16 bits exact.
        var one = Vector256<short>.One;
        var r = y + red + ((Avx2.MultiplyHigh(red + red, Vector256.Create((short)(RedCr - 65536))) + one) >> 1);
        var b = y + blue + blue + ((Avx2.MultiplyHigh(blue + blue, Vector256.Create((short)(BlueCb - 131072))) + one) >> 1);
        var factors = Factors(-GreenCb, 65536 - GreenCr);
        var half = Vector256.Create(Half);
        var g = y - red + Avx2.PackSignedSaturate(
            (Avx2.MultiplyAddAdjacent(Avx2.UnpackLow(blue, red), factors) + half) >> 16,
            (Avx2.MultiplyAddAdjacent(Avx2.UnpackHigh(blue, red), factors) + half) >> 16);

        Vector128<byte> rs = Pack(r), gs = Pack(g), bs = Pack(b);
        var p0 = Ssse3.Shuffle(rs, Vector128.Create(0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255, 255, 5))
            | Ssse3.Shuffle(gs, Vector128.Create(255, 0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255, 255))
            | Ssse3.Shuffle(bs, Vector128.Create(255, 255, 0, 255, 255, 1, 255, 255, 2, 255, 255, 3, 255, 255, 4, 255));
        var p1 = Ssse3.Shuffle(rs, Vector128.Create(255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255, 10, 255))
            | Ssse3.Shuffle(gs, Vector128.Create(5, 255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255, 10))
            | Ssse3.Shuffle(bs, Vector128.Create(255, 5, 255, 255, 6, 255, 255, 7, 255, 255, 8, 255, 255, 9, 255, 255));
        var p2 = Ssse3.Shuffle(rs, Vector128.Create(255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15, 255, 255))
            | Ssse3.Shuffle(gs, Vector128.Create(255, 255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15, 255))
            | Ssse3.Shuffle(bs, Vector128.Create(10, 255, 255, 11, 255, 255, 12, 255, 255, 13, 255, 255, 14, 255, 255, 15));
        p0.Store(rgb);
        p1.Store(rgb + 16);
        p2.Store(rgb + 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Factors(int even, int odd) => Vector256.Create((odd << 16) | (even & 0xFFFF)).AsInt16();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> low, Vector256<int> high, byte* target) =>
        Pack(Avx2.PackSignedSaturate(low, high)).Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Pack(Vector256<short> values) => Sse2.PackUnsignedSaturate(values.GetLower(), values.GetUpper());
}
