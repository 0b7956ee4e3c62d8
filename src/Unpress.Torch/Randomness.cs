using Unpress.Torch.Interop;

namespace Unpress.Torch;

/// <summary>
/// Random numbers that only their owner draws: a generator for the processor and one for the device, so that two computations in one process
/// do not disturb each other's. The same seed gives the numbers that <see cref="TorchRuntime.Seed"/> would.
/// </summary>
public sealed class Randomness : IDisposable
{
    [ThreadStatic]
    private static Randomness? _current;

    private readonly GeneratorHandle _processor;
    private readonly GeneratorHandle? _card;

    public Randomness(ulong seed, Device device)
    {
        _processor = Make(Device.Cpu, seed);
        _card = device.IsCuda ? Make(device, seed) : null;
    }

    /// <summary>
    /// What this thread draws comes from here until the result is disposed: first weights (<see cref="Nn.Init"/>), <see cref="Tensor.Randn"/>,
    /// <see cref="Tensor.Rand"/>, <see cref="Tensor.Bernoulli"/> and all that is made of them.
    /// </summary>
    public Switch Enter()
    {
        var before = _current;
        _current = this;
        return new Switch(() => _current = before);
    }

    /// <summary>The state of a device's generator, as bytes to be given back to <see cref="SetState"/>.</summary>
    public byte[] State(Device device)
    {
        Native.Check(Native.ut_generator_state(On(device)!, out nint handle));
        using var state = new Tensor(handle);
        return state.ToArray<byte>();
    }

    public void SetState(Device device, byte[] state)
    {
        using var tensor = Tensor.From(state, state.Length);
        Native.Check(Native.ut_set_generator_state(On(device)!, tensor.Handle));
    }

    public void Dispose()
    {
        _processor.Dispose();
        _card?.Dispose();
    }

    /// <summary>The generator argument for what is drawn on a device: none, and so the shared one, where this thread has entered no other.</summary>
    internal static Value For(Device device) => Value.Of(_current?.On(device));

    private GeneratorHandle? On(Device device) => device.IsCpu ? _processor : device.IsCuda ? _card : null;

    private static GeneratorHandle Make(Device device, ulong seed)
    {
        Native.Check(Native.ut_generator_new(device.Type, device.Index, seed, out var generator));
        return generator;
    }
}
