using System.Security.Cryptography;

namespace Unpress.Base.Tests;

/// <summary>What is computed where the system has no SHA-256, beside the system's.</summary>
public class Sha256Tests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(55)]
    [InlineData(56)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(119)]
    [InlineData(120)]
    [InlineData(100_003)]
    public void Ours_is_the_systems(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        string expected = Convert.ToHexStringLower(SHA256.HashData(bytes));
        foreach (int part in new[] { 1, 3, 63, 64, 65, 1000, int.MaxValue })
        {
            using var hash = new Sha256(bySystem: false);
            for (int at = 0; at < length; at += Math.Min(part, length - at))
                hash.Append(bytes.AsSpan(at, Math.Min(part, length - at)));
            Assert.Equal(expected, hash.Finish());
        }

        Assert.Equal(expected, Sha256.Of(bytes));
        using var stream = new MemoryStream(bytes);
        Assert.Equal(expected, Sha256.Of(stream));
    }
}
