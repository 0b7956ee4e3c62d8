using System.Globalization;
using Unpress.Torch.Interop;

namespace Unpress.Torch;

/// <summary>
/// Processes that compute together, by c10d of libtorch: they meet at a store on TCP, which rank 0 serves, and talk by Gloo, on the CPU. All of them must
/// make the same calls in the same order.
/// </summary>
/// <exception cref="TorchException">Of every call: another process has ended or cannot be reached; or this libtorch has no Gloo.</exception>
public sealed class ProcessGroup : IDisposable
{
    private readonly GroupHandle _handle;

    /// <param name="rendezvous">Where they meet, and who this one is.</param>
    /// <param name="patience">How long a call waits for the others.</param>
    public ProcessGroup(Rendezvous rendezvous, TimeSpan patience)
    {
        Rank = rendezvous.Rank;
        Size = rendezvous.Size;
        Native.Check(Native.ut_group_new(
            rendezvous.Host, rendezvous.Port, rendezvous.Serves ? 1 : 0, rendezvous.Prefix, Rank, Size, (long)patience.TotalMilliseconds, out _handle));
    }

    /// <summary>From 0.</summary>
    public int Rank { get; }

    public int Size { get; }

    internal GroupHandle Handle => _handle;

    /// <summary>Puts the sum over all processes in the place of a contiguous tensor on the CPU.</summary>
    public void Sum(Tensor tensor) => Native.Check(Native.ut_group_all_reduce(_handle, tensor.Handle));

    /// <summary>Puts what rank 0 has in the place of a contiguous tensor on the CPU.</summary>
    public void Share(Tensor tensor) => Native.Check(Native.ut_group_broadcast(_handle, tensor.Handle));

    public void Dispose() => _handle.Dispose();
}

/// <summary>Where processes meet, and which of them this one is.</summary>
/// <param name="Rank">From 0.</param>
/// <param name="Serves">Whether this one holds the store; otherwise somebody else does.</param>
/// <param name="Prefix">Keeps an attempt apart from the one before.</param>
public sealed record Rendezvous(int Rank, int Size, string Host, int Port, bool Serves, string Prefix = "unpress")
{
    /// <summary>
    /// From the variables of torchrun (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT), or from those of Slurm (SLURM_PROCID, SLURM_NTASKS) and the last two.
    /// </summary>
    /// <param name="variable">The environment.</param>
    /// <exception cref="ArgumentException">One is missing, or is no number in its range.</exception>
    public static Rendezvous Of(Func<string, string?> variable)
    {
        bool slurm = variable("RANK") is null && variable("SLURM_PROCID") is not null;
        int size = Number(slurm ? "SLURM_NTASKS" : "WORLD_SIZE", 1, 65_536);
        int rank = Number(slurm ? "SLURM_PROCID" : "RANK", 0, size - 1);
        bool agent = string.Equals(variable("TORCHELASTIC_USE_AGENT_STORE"), "True", StringComparison.OrdinalIgnoreCase);
        string attempt = variable("TORCHELASTIC_RESTART_COUNT") ?? "0";
        return new Rendezvous(rank, size, Text("MASTER_ADDR"), Number("MASTER_PORT", 1, 65_535), rank == 0 && !agent, $"unpress-{attempt}");

        string Text(string name) => variable(name) is { Length: > 0 } text
            ? text
            : throw new ArgumentException(
                $"--distributed: {name} is not set; start the processes with torchrun or srun, "
                + "or set RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT for each of them");

        int Number(string name, int least, int most) =>
            int.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
                ? number
                : throw new ArgumentException($"--distributed: {name} is '{Text(name)}', not a number from {least} to {most}");
    }
}
