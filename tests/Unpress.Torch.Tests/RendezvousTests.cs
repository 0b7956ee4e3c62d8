namespace Unpress.Torch.Tests;

public sealed class RendezvousTests
{
    [Fact]
    public void The_variables_of_torchrun_are_read()
    {
        Assert.Equal(new Rendezvous(0, 4, "node1", 29500, Serves: true, "unpress-0"), Of("RANK=0", "WORLD_SIZE=4", "MASTER_ADDR=node1", "MASTER_PORT=29500"));
        Assert.Equal(
            new Rendezvous(0, 4, "node1", 29500, Serves: false, "unpress-2"), // torchrun serves the store itself
            Of("RANK=0", "WORLD_SIZE=4", "MASTER_ADDR=node1", "MASTER_PORT=29500", "TORCHELASTIC_USE_AGENT_STORE=True", "TORCHELASTIC_RESTART_COUNT=2"));
    }

    [Fact]
    public void Those_of_Slurm_are_read_where_torchrun_has_said_nothing()
    {
        Assert.Equal(3, Of("SLURM_PROCID=3", "SLURM_NTASKS=8", "MASTER_ADDR=node1", "MASTER_PORT=29500").Rank);
        Assert.Equal(1, Of("RANK=1", "WORLD_SIZE=2", "SLURM_PROCID=3", "SLURM_NTASKS=8", "MASTER_ADDR=node1", "MASTER_PORT=29500").Rank);
    }

    [Theory]
    [InlineData("WORLD_SIZE is not set")]
    [InlineData("RANK is not set", "WORLD_SIZE=2")]
    [InlineData("RANK is '2', not a number from 0 to 1", "WORLD_SIZE=2", "RANK=2")]
    [InlineData("MASTER_ADDR is not set", "WORLD_SIZE=2", "RANK=1")]
    [InlineData("MASTER_PORT is '0', not a number from 1 to 65535", "WORLD_SIZE=2", "RANK=1", "MASTER_ADDR=a", "MASTER_PORT=0")]
    [InlineData("SLURM_NTASKS is 'x', not a number from 1 to 65536", "SLURM_PROCID=0", "SLURM_NTASKS=x")]
    public void What_is_missing_or_wrong_is_named(string said, params string[] environment)
        => Assert.Contains(said, Assert.Throws<ArgumentException>(() => Of(environment)).Message, StringComparison.Ordinal);

    private static Rendezvous Of(params string[] environment)
    {
        var variables = environment.Select(line => line.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return Rendezvous.Of(name => variables.GetValueOrDefault(name));
    }
}
