namespace Unpress.Torch.Optim;

/// <summary>
/// Keeps small gradients above float16's smallest number: the loss is multiplied before backward and the gradients divided after it. The
/// factor is halved when a gradient overflows, and doubled after many steps in which none did (Micikevicius et al., ICLR 2018; PyTorch's rule).
/// </summary>
public sealed class LossScaler
{
    private const long GrowAfter = 2000;

    /// <param name="factor">65,536 for float16; 1 and never changed, where nothing can underflow.</param>
    public LossScaler(double factor)
    {
        Factor = factor;
        IsActive = factor != 1;
    }

    public bool IsActive { get; }

    public double Factor { get; private set; }

    /// <summary>Steps in a row without overflow.</summary>
    public long Good { get; private set; }

    public Tensor Scale(Tensor loss) => IsActive ? loss * Factor : loss;

    /// <summary>Divides what backward left.</summary>
    public void Unscale(IEnumerable<(string Name, Tensor Tensor)> parameters)
    {
        if (!IsActive)
            return;
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        Tensor[] gradients = [.. parameters.Select(p => p.Tensor.Grad).OfType<Tensor>()];
        if (gradients.Length > 0)
            Foreach.Mul(gradients, 1 / Factor);
    }

    /// <summary>Learns from a step whether the factor fits.</summary>
    public void Update(bool finite)
    {
        if (!IsActive)
            return;
        Good = finite ? Good + 1 : 0;
        if (!finite)
            Factor /= 2;
        if (Good < GrowAfter)
            return;
        Factor *= 2;
        Good = 0;
    }

    /// <summary>Of a resumed training.</summary>
    public void Resume(double factor, long good) => (Factor, Good) = (factor, good);
}
