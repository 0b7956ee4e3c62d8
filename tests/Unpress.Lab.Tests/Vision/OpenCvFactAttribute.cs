using Unpress.Vision;

namespace Unpress.Tests.Vision;

/// <summary>A test that runs ONNX files: skipped where OpenCV is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpenCvFactAttribute : FactAttribute
{
    public OpenCvFactAttribute()
    {
        if (OnnxModel.RuntimeVersion is null)
            Skip = "needs OpenCV: apt-get install libopencv-dnn-dev, then build native/ again";
    }
}
