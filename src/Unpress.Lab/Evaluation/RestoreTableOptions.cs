namespace Unpress.Evaluation;

/// <summary>What a <see cref="RestoreTable"/> is made from. Consistent pictures are measured beside those that are only restored.</summary>
public sealed record RestoreTableOptions : EvaluationOptions;
