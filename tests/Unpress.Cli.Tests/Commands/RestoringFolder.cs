using System.Text.Json.Nodes;
using Unpress.Imaging;
using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Cli.Tests.Commands;

/// <summary>Two tiny pictures and a model that does one thing: each sample becomes one level darker.</summary>
internal sealed class RestoringFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public RestoringFolder()
    {
        Directory.CreateDirectory(Pictures);
        var random = new Random(3);
        foreach (string name in new[] { "a.png", "b.png" })
        {
            var picture = new ImageBuffer(32, 24, ColourModel.Rgb);
            for (int i = 0; i < picture.Data.Length; i++)
                picture.Data[i] = (byte)(60 + (i / 3 % 32 * 4) + random.Next(20));
            ImageFile.Save(picture, Path.Combine(Pictures, name));
        }

        SaveModel();
    }

    public string Pictures => At("pictures");

    public string Model => At("darker.safetensors");

    public string At(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private void SaveModel()
    {
        var entry = NetworkCatalog.Find("dncnn");
        var options = new JsonObject { ["channels"] = 3, ["depth"] = 3, ["width"] = 4 };
        using var network = entry.Create(options);
        using (Autograd.NoGrad())
        {
            var parameters = network.NamedParameters().ToList();
            foreach (var (_, tensor) in parameters)
                tensor.Fill(0);
            parameters[^1].Tensor.Fill(1 / 255.0); // the last bias: it is subtracted
        }

        ModelFile.Save(Model, entry, options, network.StateDict().Select(item => item.Tensor.ToStored(item.Name)));
    }
}
