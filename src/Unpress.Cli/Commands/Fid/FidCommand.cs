using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Unpress.Evaluation;
using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Fid;

/// <summary><c>unpress fid A B</c>: the distance of two sets of pictures, or the statistics of one for later.</summary>
public static class FidCommand
{
    public static Command Create()
    {
        var sets = new Argument<string[]>("SETS")
        {
            Description = "Folders of pictures, files of statistics (.npz of pytorch-fid or ours) or of features (.npy, N×D).",
            Arity = ArgumentArity.OneOrMore,
        };
        var statistics = new Option<string?>("--statistics") { Description = "Instead, write the statistics of all sets together, in the format of pytorch-fid.", HelpName = "FILE" };
        var kid = new Option<bool>("--kid") { Description = "Also compute the kernel inception distance; it needs pictures or features." };
        var clean = new Option<bool>("--clean") { Description = "Resize pictures as clean-fid does (bicubic, antialiasing); statistics in files must be of the same kind." };
        var resnet = new Option<bool>("--resnet18") { Description = "Use the features of resnet18, which a NuGet package has; printed as resnet18-frechet." };
        var json = new Option<bool>("--json") { Description = "Print JSON instead of text." };
        var command = new Command("fid", "Compute the Fréchet inception distance of two sets of pictures, in constant memory.") { sets,
            statistics, kid, clean, resnet, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(statistics) is null && result.GetValue(sets)?.Length != 2)
                result.AddError("fid compares two sets: unpress fid A B; or writes statistics: unpress fid A --statistics a.npz");
            if (result.GetValue(resnet) && (result.GetValue(kid) || result.GetValue(clean)))
                result.AddError("--kid and --clean are of Inception features: leave them out, or --resnet18");
        });
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string[] paths = parsed.GetRequiredValue(sets);
            var network = parsed.GetValue(resnet) ? ResNet18Features.Ours : InceptionFeatures.Ours;
            using var reader = new PictureSetReader(
                parsed, parsed.GetValue(clean) ? network with { Open = () => new InceptionFeatures(clean: true) } : network, cancellation);
            PictureSet[] read = [.. paths.Select(reader.Read)];
            int code = reader.Failed ? ExitCodes.SomeInputsFailed : ExitCodes.Ok;
            if (parsed.GetValue(statistics) is { } file)
            {
                Save(read, paths, file);
                parsed.InvocationConfiguration.Output.WriteLine(file);
                return code;
            }

            ISetMetric[] metrics = [.. MetricCatalog.Sets.Where(metric => metric.Features == network && (metric is not Kid || parsed.GetValue(kid)))];
            string Name(ISetMetric metric) => parsed.GetValue(clean) ? $"{metric.Name}-clean" : metric.Name;
            Dictionary<string, double> values = metrics.ToDictionary(Name, metric => Measure(metric, read, paths));
            foreach (var (set, path) in read.Zip(paths))
                if (set.Statistics.Count is > 0 && set.Statistics.Count < network.Count) // the covariance has no full rank
                    parsed.InvocationConfiguration.Error.WriteLine(
                        $"unpress: {path}: {set.Statistics.Count} pictures; below {network.Count} {metrics[0].Name} is biased upward: compare it only with figures of as many");
            if (parsed.GetValue(json))
                parsed.InvocationConfiguration.Output.WriteLine(
                    JsonSerializer.Serialize(new { values, pictures = read.Select(set => set.Statistics.Count) }, JsonText.Options));
            else
                foreach (var metric in metrics)
                    parsed.InvocationConfiguration.Output.WriteLine(
                        $"{Name(metric)}  {values[Name(metric)].ToString($"F{metric.Contract.Decimals}", CultureInfo.InvariantCulture)}");
            return code;
        }));
        return command.WithLimits().WithExamples(
            "unpress fid originals restored");
    }

    private static double Measure(ISetMetric metric, PictureSet[] sets, string[] paths)
    {
        try
        {
            return metric.Measure(sets[0], sets[1]);
        }
        catch (IncomparableException error)
        {
            throw new InvalidFileException($"{paths[0]}, {paths[1]}", error.Message, error);
        }
    }

    private static void Save(PictureSet[] sets, string[] paths, string file)
    {
        for (int i = 1; i < sets.Length; i++)
        {
            try
            {
                sets[0].Merge(sets[i]);
            }
            catch (Exception error) when (error is InvalidOperationException or ArgumentOutOfRangeException)
            {
                throw new InvalidFileException($"{paths[0]}, {paths[i]}",
                    error is InvalidOperationException ? error.Message : "their features are of different sizes", error);
            }
        }

        sets[0].Statistics.Save(file);
    }
}

/// <summary>Sets of pictures from folders and files; the network is loaded when the first folder comes.</summary>
internal sealed class PictureSetReader(ParseResult parsed, SetFeatures features, CancellationToken cancellation) : IDisposable
{
    private IPictureFeatures? _network;

    /// <summary>Whether a picture could not be read; it was named on standard error and left out.</summary>
    public bool Failed { get; private set; }

    public PictureSet Read(string path)
    {
        if (!Directory.Exists(path))
            return PictureSet.Read(path);
        var files = PictureFolder.Files(path);
        if (files.Count == 0)
            throw new InvalidFileException(path, "no pictures in this folder");
        if (files.Count == 1)
            throw new InvalidFileException(path, "one picture is no set: its features have no covariance; give two or more");
        var network = _network ??= features.Open();
        var set = new PictureSet(features.Count);
        LongTask.Run(parsed, path, files.Count, step =>
        {
            foreach (string file in files)
            {
                cancellation.ThrowIfCancellationRequested();
                Add(set, network, file);
                step();
            }

            return set;
        });
        if (set.Statistics.Count < 2)
            throw new InvalidFileException(path, $"{set.Statistics.Count} of {files.Count} pictures can be read; a set needs two or more");
        return set;
    }

    public void Dispose() => _network?.Dispose();

    private void Add(PictureSet set, IPictureFeatures network, string file)
    {
        try
        {
            var image = ImageFile.Load(file);
            if (image.Model == ColourModel.Cmyk)
                throw new InvalidFileException(file, "CMYK pictures are not measured; convert it to RGB first");
            set.Add(network.Of(image));
        }
        catch (InvalidFileException error)
        {
            parsed.InvocationConfiguration.Error.WriteLine($"unpress: {error.Message}");
            Failed = true;
        }
    }
}
