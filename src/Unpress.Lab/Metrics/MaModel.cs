using Unpress.Downloads;
using Unpress.Torch.Weights;

namespace Unpress.Metrics;

/// <summary>Three forests, one for each kind of feature, and how much each of them counts.</summary>
/// <param name="Weights">A constant, then one for each forest.</param>
internal sealed record MaModel(RandomForest Local, RandomForest Global, RandomForest Spatial, double[] Weights)
{
    /// <summary>The published model.</summary>
    public const string File = "ma";

    private static readonly Lazy<MaModel> Loaded = new(() => Read(OfficialFiles.Require(File)), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>The published model, read once.</summary>
    public static MaModel Published => Loaded.Value;

    public double Score(MaFeatures features)
        => Weights[0] + (Weights[1] * Local.Predict(features.Local)) + (Weights[2] * Global.Predict(features.Global)) + (
            Weights[3] * Spatial.Predict(features.Spatial));

    /// <summary>The authors' .mat file: a struct of a cell of three forests, as randomforest-matlab trains them, and of four numbers.</summary>
    /// <exception cref="WeightsFormatException">Another file, or damaged.</exception>
    public static MaModel Read(string path)
    {
        using var file = WeightFile.Open(path);
        double[] weights = file["model.linear"].ToDoubles();
        if (weights.Length != 4)
            throw new WeightsFormatException(path, $"has {weights.Length} weights of forests, not four");
        try
        {
            return new MaModel(Forest(0, 18), Forest(1, 45), Forest(2, 75), weights);
        }
        catch (ArgumentException error)
        {
            throw new WeightsFormatException(path, $"is damaged: {error.Message}", error);
        }

        RandomForest Forest(int place, int features)
        {
            string name = $"model.rf.{place}.";
            int[][] left = Whole(Trees("lDau"));
            return new RandomForest(left, Whole(Trees("rDau")), Whole(Trees("mbest")), Trees("upper"), Trees("avnode"), features);

            // MATLAB's columns, one a tree, are our rows. All have room for the largest tree that could be: what is beyond its nodes is left away.
            double[][] Trees(string field)
            {
                var table = file[name + field];
                int[] counts = [.. file[name + "ndtree"].ToDoubles().Select(count => (int)count)];
                if (table.Shape.Length != 2 || table.Shape[0] != counts.Length || counts.Any(count => count < 1 || count > table.Shape[1]))
                    throw new ArgumentException($"{name}{field} is not a table of {counts.Length} trees");
                double[] numbers = table.ToDoubles();
                return [.. counts.Select((count, tree) => numbers.AsSpan(tree * (int)table.Shape[1], count).ToArray())];
            }
        }

        static int[][] Whole(double[][] trees) => [.. trees.Select(tree => Array.ConvertAll(tree, number => (int)number))];
    }
}

/// <summary>Regression trees whose answers are averaged: Breiman, "Random Forests", Machine Learning 2001.</summary>
internal sealed class RandomForest
{
    private readonly int[][] _left, _right, _feature;
    private readonly double[][] _threshold, _value;

    /// <summary>A tree a row. Nodes and features count from 1; a node whose left child is 0 is a leaf.</summary>
    /// <param name="threshold">A feature that is not above it goes left.</param>
    /// <exception cref="ArgumentException">A tree leads out of itself, back, or to features that there are not.</exception>
    public RandomForest(int[][] left, int[][] right, int[][] feature, double[][] threshold, double[][] value, int features)
    {
        (_left, _right, _feature, _threshold, _value) = (left, right, feature, threshold, value);
        for (int tree = 0; tree < left.Length; tree++)
            for (int node = 0; node < left[tree].Length; node++)
                if (left[tree][node] != 0 && !Leads(tree, node, features))
                    throw new ArgumentException($"node {node + 1} of tree {tree + 1} leads nowhere");
    }

    public double Predict(double[] features)
    {
        double sum = 0;
        for (int tree = 0; tree < _left.Length; tree++)
        {
            int node = 0;
            while (_left[tree][node] != 0)
                node = (features[_feature[tree][node] - 1] <= _threshold[tree][node] ? _left[tree][node] : _right[tree][node]) - 1;
            sum += _value[tree][node];
        }

        return sum / _left.Length;
    }

    // Children come after their parents: no way goes on for ever.
    private bool Leads(int tree, int node, int features)
    {
        int left = _left[tree][node], right = _right[tree][node], count = _left[tree].Length, feature = _feature[tree][node];
        return left > node + 1 && left <= count && right > node + 1 && right <= count && feature >= 1 && feature <= features;
    }
}
