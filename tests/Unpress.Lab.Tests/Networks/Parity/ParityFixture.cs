using System.Runtime.InteropServices;
using Unpress.Torch;
using Unpress.Torch.Nn;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Networks.Parity;

/// <summary>What an independent implementation computed: a file of <c>tests/parity/fixtures</c>, see the README there.</summary>
internal sealed class ParityFixture : IDisposable
{
    /// <summary>Of the largest number of the output. Both sides round to float32 and add in another order.</summary>
    private const double Tolerance = 1e-4;

    private readonly WeightFile _file;
    private readonly string _name;

    private ParityFixture(string name)
    {
        _name = name;
        _file = WeightFile.Open(RepoPaths.Combine("tests", "parity", "fixtures", name + ".safetensors"));
    }

    /// <summary>Names of all fixtures.</summary>
    public static IEnumerable<string> Names => Directory.EnumerateFiles(RepoPaths.Combine("tests", "parity", "fixtures"))
        .Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal);

    public static ParityFixture Open(string name) => new(name);

    public void Dispose() => _file.Dispose();

    /// <summary>Names and shapes of the reference's tensors.</summary>
    public IEnumerable<(string Name, long[] Shape)> Tensors => _file.Metadata["state"].Split('\n').Select(line => line.Split(' '))
        .Select(parts => (parts[0], parts[1].Trim('[', ']').Split(',').Select(long.Parse).ToArray()));

    /// <summary>A tensor of the fixture: an input that no formula gives.</summary>
    public Tensor Stored(string name) => _file[name].ToTensor();

    /// <summary>The module with the reference's numbers, in evaluation mode; its names and shapes must be the reference's.</summary>
    public T Fill<T>(T module) where T : Module
    {
        string ours = string.Join('\n', module.StateDict()
            .Select(entry => $"{entry.Name} [{string.Join(',', entry.Tensor.Shape)}]").Order(StringComparer.Ordinal));
        Assert.Equal(_file.Metadata["state"], ours);
        Formula.Fill(module);
        module.Eval();
        return module;
    }

    /// <summary>Same shape and numbers as the reference's output of that name.</summary>
    public void AssertEqual(Tensor actual, string output = "output")
    {
        StoredTensor expected = _file[output];
        Assert.Equal(expected.Shape, actual.Shape);
        var wanted = MemoryMarshal.Cast<byte, float>(expected.Bytes);
        float[] got = actual.ToArray<float>();
        double largest = 0, difference = 0;
        for (int k = 0; k < wanted.Length; k++)
        {
            largest = Math.Max(largest, Math.Abs(wanted[k]));
            double here = Math.Abs((double)wanted[k] - got[k]);
            difference = here > difference || double.IsNaN(here) ? here : difference;
        }

        Assert.True(largest > 0 && difference <= Tolerance * largest, $"{_name}, {output}: off by {difference}, the largest number is {largest}");
    }
}
