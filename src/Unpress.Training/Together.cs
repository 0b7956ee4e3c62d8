using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Training;

/// <summary>
/// One training in several processes, each with its part of every batch: the gradients are averaged before the networks follow them, so all keep the same
/// weights. Rank 0 alone writes the run folder.
/// </summary>
internal sealed class Together(ProcessGroup group) : IDisposable
{
    private readonly Dictionary<TrainedNetwork, GradientExchange> _exchanges = [];

    public bool Leads => group.Rank == 0;

    /// <summary>Patches of a batch that are this process's, and the first of them.</summary>
    /// <exception cref="TrainingException">The batch cannot be parted evenly.</exception>
    public (int First, int Count) Part(int batch, int accumulate)
    {
        if (batch % (group.Size * accumulate) != 0)
        {
            string parts = accumulate > 1 ? $" in {accumulate} parts each" : "";
            throw new TrainingException(
                $"data.batch: {batch} patches cannot be parted among {group.Size} processes{parts}; take a multiple of {group.Size * accumulate}");
        }

        return (batch / group.Size * group.Rank, batch / group.Size);
    }

    /// <summary>Makes sure that all go on from the same step, with the weights of rank 0.</summary>
    /// <exception cref="TrainingException">They do not, or a network would see its own part of the batch only.</exception>
    public void Agree(TrainingState state)
    {
        Module[] modules = state.Discriminator is { } discriminator ? [state.Network, discriminator] : [state.Network];
        if (modules.SelectMany(All).FirstOrDefault(module => module is BatchNorm2d && module.Training) is not null)
            throw new TrainingException("batch norm would see the part of one process only: train this network in one process, or freeze its batch norm");
        using var scope = TensorScope.Enter();
        var step = Tensor.From([state.Step], 1);
        Call(() => group.Share(step));
        if (step.ToArray<long>()[0] is var first && first != state.Step)
            throw new TrainingException($"process {group.Rank} is at step {state.Step}, process 0 at {first}: all of them need the same run folder");
        using var fixedGraph = Autograd.NoGrad();
        foreach (var (_, tensor) in modules.SelectMany(module => module.NamedParameters()))
        {
            var flat = tensor.Detach().Contiguous().To(Device.Cpu).Reshape(-1).Clone();
            Call(() => group.Share(flat));
            tensor.Detach().Copy(flat.Reshape([.. tensor.Shape]));
        }
    }

    /// <summary>Waits for all others; what rank 0 does first, such as to pack the pictures, is done then.</summary>
    public void Wait()
    {
        using var nothing = Tensor.Zeros([1]);
        Call(() => group.Sum(nothing));
    }

    /// <summary>From here on the gradients of a network go to the others, each as soon as the backward pass has made it.</summary>
    public void Send(TrainedNetwork network)
    {
        if (!_exchanges.TryGetValue(network, out var exchange))
            _exchanges[network] = exchange = new GradientExchange(group, [.. network.Parameters]);
        exchange.Begin();
    }

    /// <summary>Waits until all gradients are the means over the processes, and averages the losses and their terms.</summary>
    /// <param name="stop">Whether this process has been told to stop.</param>
    /// <returns>Whether any of them has.</returns>
    public bool Average(IReadOnlyList<TrainedNetwork> networks, bool stop)
    {
        foreach (var network in networks)
            Call(_exchanges[network].Finish);
        using var scope = TensorScope.Enter();
        using var fixedGraph = Autograd.NoGrad();
        float[] words = [.. networks.SelectMany(network => network.Losses).Select(loss => (float)loss), stop ? group.Size : 0];
        var sums = Tensor.From(words, words.Length);
        Call(() => group.Sum(sums));
        double[] means = [.. (sums / group.Size).ToArray<float>().Select(mean => (double)mean)];
        int place = 0;
        foreach (var network in networks)
        {
            int count = network.Losses.Count;
            network.Losses = means[place..(place += count)];
        }

        return means[^1] > 0;
    }

    public void Dispose()
    {
        foreach (var exchange in _exchanges.Values)
            exchange.Dispose();
    }

    private void Call(Action action)
    {
        try
        {
            action();
        }
        catch (TorchException e)
        {
            string reason = e.Message.Split('\n')[0];
            throw new TrainingException(
                $"process {group.Rank} of {group.Size}: another process of this training has ended or cannot be reached ({reason}); "
                + "start all of them again with --resume",
                e);
        }
    }

    private static IEnumerable<Module> All(Module module) => module.Children.SelectMany(child => All(child.Module)).Prepend(module);
}
