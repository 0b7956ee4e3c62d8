namespace Unpress.Metrics;

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
