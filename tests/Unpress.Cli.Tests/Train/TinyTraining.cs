using Unpress.Imaging;

namespace Unpress.Cli.Tests.Train;

/// <summary>A training of seconds on three pictures that are made.</summary>
internal static class TinyTraining
{
    /// <summary>Writes pictures and recipe into a folder; the path of the recipe.</summary>
    public static string Write(string folder, int steps, int batch, string network = "unpress, width: 4, blocks: [1, 0, 0]")
    {
        string pictures = Path.Combine(folder, "pictures"), recipe = Path.Combine(folder, "tiny.yaml");
        Directory.CreateDirectory(pictures);
        for (int k = 0; k < 3; k++)
        {
            var picture = new ImageBuffer(48, 48, ColourModel.Rgb);
            for (int i = 0; i < picture.Data.Length; i++)
                picture.Data[i] = (byte)((i * (k + 3)) + (i / 48 * 5));
            ImageFile.Save(picture, Path.Combine(pictures, $"{k}.png"));
        }

        File.WriteAllText(recipe, $$"""
            name: tiny
            seed: 1
            network: { type: {{network}} }
            data:
              folders: [ { path: {{pictures}} } ]
              minSize: 24
              batch: {{batch}}
              patch: { size: 16 }
              degradation: { type: jpeg }
            objective: [ { loss: l1 } ]
            optimiser: { lr: 1e-3 }
            schedule: { type: cosine, warmup: 3 }
            ema: { decay: 0.9 }
            steps: {{steps}}
            checkpoint: { every: 10 }
            """);
        return recipe;
    }
}
