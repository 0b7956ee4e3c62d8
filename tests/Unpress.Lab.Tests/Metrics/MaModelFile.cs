using System.Text;

namespace Unpress.Tests.Metrics;

/// <summary>
/// A .mat file as the authors' is laid out: struct model with linear and a cell rf of three structs, whose tables have room for nodes that no tree
/// has, with numbers beyond them that must not count.
/// </summary>
internal sealed class MaModelFile : IDisposable
{
    public MaModelFile()
    {
        Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"ma-{Guid.NewGuid():N}.mat");
        byte[] rf = Matrix("", 1, [1, 3], [.. Forest(1, 0.7, 1, 2), .. Forest(1, 0, 3, 3), .. Forest(75, 0.01, 4, 5)]);
        byte[] linear = Matrix("", 6, [4, 1], Part(9, Doubles(0.5, 10, 100, 1000)));
        byte[] model = Matrix("model", 2, [1, 1], [.. Fields("rf", "linear"), .. rf, .. linear]);
        File.WriteAllBytes(Path, [.. Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file".PadRight(124)), 0, 1, (byte)'I', (byte)'M', .. model]);
    }

    public string Path { get; }

    public void Dispose() => File.Delete(Path);

    // Two trees: one that asks once, one that asks twice the same; five places for nodes.
    private static byte[] Forest(int feature, double threshold, double low, double high)
    {
        byte[] Whole(params int[] numbers) => Matrix("", 12, [5, 2], Part(5, [.. numbers.SelectMany(BitConverter.GetBytes)]));
        byte[] Real(params double[] numbers) => Matrix("", 6, [5, 2], Part(9, Doubles(numbers)));
        byte[] counts = Matrix("", 12, [2, 1], Part(5, [3, 0, 0, 0, 5, 0, 0, 0]));
        return Matrix("", 2, [1, 1],
        [
            .. Fields("lDau", "rDau", "nodestatus", "upper", "avnode", "mbest", "ndtree"),
            .. Whole(2, 0, 0, 9, 9, 2, 4, 0, 0, 0), .. Whole(3, 0, 0, 9, 9, 3, 5, 0, 0, 0),
            .. Matrix("", 4, [1, 1], Part(2, [1])),
            .. Real(threshold, 0, 0, 0, 0, threshold, threshold, 0, 0, 0), .. Real(0, low, high, 7, 7, 0, 0, high, low, low),
            .. Whole(feature, 0, 0, 9, 9, feature, feature, 0, 0, 0), .. counts,
        ]);
    }

    private static byte[] Matrix(string name, int matlabClass, int[] sizes, byte[] content)
    {
        byte[] all =
        [
            .. Part(6, [(byte)matlabClass, 0, 0, 0, 0, 0, 0, 0]), .. Part(5, [.. sizes.SelectMany(BitConverter.GetBytes)]),
            .. Part(1, Encoding.ASCII.GetBytes(name)), .. content,
        ];
        return [.. BitConverter.GetBytes(14), .. BitConverter.GetBytes(all.Length), .. all];
    }

    private static byte[] Fields(params string[] names) =>
        [.. BitConverter.GetBytes((4 << 16) | 5), 12, 0, 0, 0, .. Part(1, [.. names.SelectMany(name => Encoding.ASCII.GetBytes(name.PadRight(12, '\0')))])];

    private static byte[] Part(int type, byte[] content) =>
        [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(content.Length), .. content, .. new byte[(8 - (content.Length % 8)) % 8]];

    private static byte[] Doubles(params double[] numbers) => [.. numbers.SelectMany(BitConverter.GetBytes)];
}
