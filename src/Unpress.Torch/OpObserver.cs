namespace Unpress.Torch;

/// <summary>Sees an operator after it has run, see <see cref="Op.Observe"/>.</summary>
/// <param name="result">Its first tensor; the first argument of an operator that changes it in place.</param>
public delegate void OpObserver(Op op, ReadOnlySpan<Value> arguments, Tensor result);
