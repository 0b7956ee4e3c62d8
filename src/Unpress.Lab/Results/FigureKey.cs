namespace Unpress.Lab.Results;

/// <summary>Which figure of a run it is.</summary>
public readonly record struct FigureKey(string Enhancer, string Codec, int? Setting, string Set, string Picture, int Cycle, string Metric);
