using Unpress.Files;

namespace Unpress.Tests.Files;

public class ShardTests
{
    [Fact]
    public void Each_place_belongs_to_one_part_and_the_parts_are_about_equal()
    {
        var shards = Enumerable.Range(1, 4).Select(number => new Shard(number, 4)).ToList();
        var places = Enumerable.Range(0, 4000).Select(k => $"folder {k / 100}/ä{k}.jpg").ToList();
        Assert.All(places, place => Assert.Single(shards, shard => shard.Holds(place)));
        Assert.All(shards, shard => Assert.InRange(places.Count(shard.Holds), 900, 1100));
    }

    [Fact]
    public void A_place_belongs_to_the_same_part_everywhere()
    {
        Assert.True(new Shard(1, 1).Holds("a.jpg"));
        // Written out once more: the first 8 bytes of a SHA-256. What Windows writes with another slash is the same place.
        ulong hash = BitConverter.ToUInt64([.. System.Security.Cryptography.SHA256.HashData("sub/a.jpg"u8)[..8].Reverse()]);
        int part = (int)(hash % 7) + 1;
        Assert.True(new Shard(part, 7).Holds("sub/a.jpg"));
        Assert.True(new Shard(part, 7).Holds(@"sub\a.jpg"));
    }

    [Theory]
    [InlineData("3/8", 3, 8)]
    [InlineData("1/1", 1, 1)]
    public void It_is_written_from_one(string text, int number, int count) => Assert.Equal(new Shard(number, count), Shard.Parse(text, _ => null));

    [Theory]
    [InlineData("0/8")]
    [InlineData("9/8")]
    [InlineData("1")]
    [InlineData("1/x")]
    [InlineData("-1/4")]
    [InlineData("auto")]
    public void What_is_no_part_is_refused(string text) =>
        Assert.StartsWith("--shard", Assert.Throws<ArgumentException>(() => Shard.Parse(text, _ => null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("2/4", "SLURM_ARRAY_TASK_ID=1", "SLURM_ARRAY_TASK_COUNT=4", "SLURM_ARRAY_TASK_MIN=0")]
    [InlineData("4/4", "SLURM_ARRAY_TASK_ID=16", "SLURM_ARRAY_TASK_COUNT=4", "SLURM_ARRAY_TASK_MIN=10", "SLURM_ARRAY_TASK_STEP=2")]
    [InlineData("3/5", "JOB_COMPLETION_INDEX=2", "UNPRESS_SHARD_COUNT=5")]
    [InlineData("1/2", "RANK=0", "WORLD_SIZE=2")]
    [InlineData("1/2", "RANK=0", "WORLD_SIZE=2", "SLURM_ARRAY_TASK_ID=0", "SLURM_ARRAY_TASK_COUNT=2", "SLURM_ARRAY_TASK_MIN=0")]
    public void A_scheduler_says_it(string expected, params string[] variables)
        => Assert.Equal(expected, Shard.Parse("auto", Environment(variables)).ToString());

    [Theory]
    [InlineData("SLURM_ARRAY_TASK_COUNT is not", "SLURM_ARRAY_TASK_ID=1")]
    [InlineData("without gaps", "SLURM_ARRAY_TASK_ID=9", "SLURM_ARRAY_TASK_COUNT=3", "SLURM_ARRAY_TASK_MIN=0")]
    [InlineData("UNPRESS_SHARD_COUNT is not", "JOB_COMPLETION_INDEX=2")]
    [InlineData("is no number", "RANK=first", "WORLD_SIZE=2")]
    [InlineData("JOB_COMPLETION_INDEX says 1/2 and RANK says 2/2", "RANK=1", "WORLD_SIZE=2", "JOB_COMPLETION_INDEX=0", "UNPRESS_SHARD_COUNT=2")]
    public void What_a_scheduler_does_not_say_is_not_guessed(string reason, params string[] variables) =>
        Assert.Contains(reason, Assert.Throws<ArgumentException>(() => Shard.Parse("auto", Environment(variables))).Message, StringComparison.Ordinal);

    private static Func<string, string?> Environment(string[] variables)
    {
        var values = variables.Select(text => text.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
        return name => values.GetValueOrDefault(name);
    }
}
