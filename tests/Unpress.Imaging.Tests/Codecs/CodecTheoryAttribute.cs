using Unpress.Imaging.Codecs;

namespace Unpress.Imaging.Tests.Codecs;

/// <summary>A theory over the codecs whose encoder is on this machine; skipped, with the reason, when that leaves none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CodecTheoryAttribute : TheoryAttribute
{
    public CodecTheoryAttribute() =>
        Skip = CodecList.All.Any(IsHere) ? null! : "needs the native picture library or ffmpeg"; // null, which xunit takes as "run it"

    public static bool IsHere(ICodec codec)
    {
        try
        {
            return codec.Encoder.Length > 0;
        }
        catch (MissingToolException)
        {
            return false;
        }
    }
}
