using System.Security.Cryptography;
using Unpress.Diagnostics;
using Unpress.Models;

namespace Unpress.Tests.Diagnostics;

public sealed class ModelStateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;
    private readonly string _model;

    public ModelStateTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "models"));
        _model = Path.Combine(_folder, "models", $"{ModelFinder.Default}.safetensors");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_the_file_it_says_how_to_get_it()
    {
        var state = ModelState.Find(_folder);
        Assert.Null(state.Path);
        Assert.Contains("git checkout", state.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_list_beside_it_decides()
    {
        File.WriteAllBytes(_model, [1, 2, 3]);
        Assert.Equal(new ModelState(_model, 3, Checked: false, Problem: null), ModelState.Find(_folder));

        string list = Path.Combine(_folder, "models", "SHA256SUMS");
        File.WriteAllText(
            list, $"{new string('0', 64)}  other.safetensors\n{Convert.ToHexStringLower(SHA256.HashData([1, 2, 3]))}  {ModelFinder.Default}.safetensors\n");
        Assert.Equal(new ModelState(_model, 3, Checked: true, Problem: null), ModelState.Find(_folder));

        File.WriteAllBytes(_model, [1, 2, 4]);
        var damaged = ModelState.Find(_folder);
        Assert.False(damaged.Checked);
        Assert.Contains(_model, damaged.Problem, StringComparison.Ordinal);
    }
}
