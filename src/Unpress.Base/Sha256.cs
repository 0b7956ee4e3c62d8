using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Unpress;

/// <summary>
/// SHA-256 (FIPS 180-4), by the system where it has one. On Linux .NET takes OpenSSL's and ends the process where there is none, as on a bare
/// Debian 12: there it is computed here.
/// </summary>
public sealed class Sha256 : IDisposable
{
    private const int BlockLength = 64;

    private static readonly Lazy<bool> SystemHasOne = new(
        () => !OperatingSystem.IsLinux() || NativeLibrary.TryLoad("libssl.so.3", out _) || NativeLibrary.TryLoad("libssl.so.1.1", out _));

    // The first 32 bits of the fractions of the square roots of the first 8 primes, and of the cube roots of the first 64.
    private static readonly uint[] Start = [.. Primes(8).Select(prime => Fraction(Math.Sqrt(prime)))];
    private static readonly uint[] Constants = [.. Primes(64).Select(prime => Fraction(Math.Cbrt(prime)))];

    private readonly IncrementalHash? _system;
    private readonly uint[] _state = [.. Start];
    private readonly uint[] _schedule = new uint[64];
    private readonly byte[] _block = new byte[BlockLength];
    private long _length;

    public Sha256()
        : this(SystemHasOne.Value)
    {
    }

    internal Sha256(bool bySystem) => _system = bySystem ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    /// <summary>Of the bytes, 64 hexadecimal digits in small letters.</summary>
    public static string Of(ReadOnlySpan<byte> bytes)
    {
        using var hash = new Sha256();
        hash.Append(bytes);
        return hash.Finish();
    }

    /// <summary>As <see cref="Of(ReadOnlySpan{byte})"/>, of what is left of a stream.</summary>
    public static string Of(Stream stream)
    {
        using var hash = new Sha256();
        byte[] part = new byte[1 << 16];
        for (int read; (read = stream.Read(part)) > 0;)
            hash.Append(part.AsSpan(0, read));
        return hash.Finish();
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_system is not null)
        {
            _system.AppendData(bytes);
            return;
        }

        int kept = (int)(_length % BlockLength);
        _length += bytes.Length;
        if (kept > 0)
        {
            var room = _block.AsSpan(kept);
            int taken = Math.Min(room.Length, bytes.Length);
            bytes[..taken].CopyTo(room);
            bytes = bytes[taken..];
            if (taken < room.Length)
                return;
            Compress(_block);
        }

        for (; bytes.Length >= BlockLength; bytes = bytes[BlockLength..])
            Compress(bytes);
        bytes.CopyTo(_block);
    }

    /// <summary>64 hexadecimal digits in small letters; nothing may be appended after it.</summary>
    public string Finish()
    {
        if (_system is not null)
            return Convert.ToHexStringLower(_system.GetHashAndReset());
        // A bit that is one, zeros up to the last eight bytes of a block, and there the number of bits.
        long bits = _length * 8;
        int kept = (int)(_length % BlockLength);
        byte[] tail = new byte[(kept < BlockLength - 8 ? BlockLength : 2 * BlockLength) - kept];
        tail[0] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(tail.AsSpan(tail.Length - 8), bits);
        Append(tail);
        byte[] digest = new byte[32];
        for (int i = 0; i < 8; i++)
            BinaryPrimitives.WriteUInt32BigEndian(digest.AsSpan(4 * i), _state[i]);
        return Convert.ToHexStringLower(digest);
    }

    public void Dispose() => _system?.Dispose();

    private void Compress(ReadOnlySpan<byte> block)
    {
        uint[] w = _schedule;
        for (int t = 0; t < 16; t++)
            w[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * t)..]);
        for (int t = 16; t < 64; t++)
        {
            uint early = w[t - 15], late = w[t - 2];
            w[t] = w[t - 16] + (BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3))
                + w[t - 7] + (BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10));
        }

        uint a = _state[0], b = _state[1], c = _state[2], d = _state[3], e = _state[4], f = _state[5], g = _state[6], h = _state[7];
        for (int t = 0; t < 64; t++)
        {
            uint first = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25))
                + ((e & f) ^ (~e & g)) + Constants[t] + w[t];
            uint second = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22))
                + ((a & b) ^ (a & c) ^ (b & c));
            (h, g, f, e, d, c, b, a) = (g, f, e, d + first, c, b, a, first + second);
        }

        _state[0] += a;
        _state[1] += b;
        _state[2] += c;
        _state[3] += d;
        _state[4] += e;
        _state[5] += f;
        _state[6] += g;
        _state[7] += h;
    }

    private static IEnumerable<int> Primes(int count)
        => Enumerable.Range(2, 310).Where(n => Enumerable.Range(2, n - 2).All(divisor => n % divisor != 0)).Take(count);

    private static uint Fraction(double root) => (uint)((root - Math.Floor(root)) * 4294967296.0);
}
