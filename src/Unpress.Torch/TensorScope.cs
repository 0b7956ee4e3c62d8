namespace Unpress.Torch;

/// <summary>
/// Frees everything made on this thread between <see cref="Enter"/> and <see cref="Dispose"/>, except what <see cref="Keep"/> hands outwards:
/// <code>using var scope = TensorScope.Enter(); … return scope.Keep(y);</code>
/// Open one per step, per tile, per image; not per operation. A ref struct, so it cannot cross an await or change threads.
/// </summary>
public readonly ref struct TensorScope
{
    private readonly Frame _frame;

    private TensorScope(Frame frame) => _frame = frame;

    public static TensorScope Enter() => new(Frame.Push());

    /// <summary>Hands a tensor to the scope outside this one (or to the caller's <c>using</c>, when there is none).</summary>
    public Tensor Keep(Tensor tensor)
    {
        tensor.MoveTo(_frame.Outer);
        return tensor;
    }

    public void Dispose() => _frame.Pop();

    /// <summary>One open scope of one thread.</summary>
    internal sealed class Frame
    {
        [ThreadStatic]
        private static Frame? _current;

        private readonly List<Tensor> _tensors = [];

        public static Frame? Current => _current;

        public Frame? Outer { get; private set; }

        public static Frame Push()
        {
            var frame = new Frame { Outer = _current };
            _current = frame;
            return frame;
        }

        public void Add(Tensor tensor) => _tensors.Add(tensor);

        public void Pop()
        {
            if (_current != this)
                throw new InvalidOperationException("tensor scopes must close in the reverse order of their opening");
            _current = Outer;
            foreach (var tensor in _tensors)
                if (tensor.Owner == this)
                    tensor.Dispose();
        }
    }
}
