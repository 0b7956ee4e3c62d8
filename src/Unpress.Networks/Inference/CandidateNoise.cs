using Unpress.Data;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>The noise from which a one-to-many network makes one of its answers: a function of the seed and the picture's size alone.</summary>
internal static class CandidateNoise
{
    /// <summary>Normal numbers for the whole picture, [1, 1, height, width].</summary>
    /// <param name="pass">Passes of one picture (CMYK has two) get noise of their own.</param>
    /// <param name="scale">Their deviation.</param>
    public static Tensor Make(ulong seed, int pass, int height, int width, double scale = 1)
    {
        var random = new SampleRandom(seed, pass);
        var numbers = new float[(long)height * width];
        for (int k = 0; k < numbers.Length; k += 2)
        {
            // Box and Muller 1958: two uniform numbers make two normal ones.
            double radius = scale * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            var (sine, cosine) = Math.SinCos(2 * Math.PI * random.NextDouble());
            numbers[k] = (float)(radius * cosine);
            if (k + 1 < numbers.Length)
                numbers[k + 1] = (float)(radius * sine);
        }

        return Tensor.From(numbers, 1, 1, height, width);
    }
}
