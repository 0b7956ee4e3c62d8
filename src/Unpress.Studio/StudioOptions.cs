using System.Net;
using Unpress.Imaging;
using Unpress.Models;

namespace Unpress.Studio;

/// <summary>Where the studio listens, who may come in, and what it may take.</summary>
public sealed record StudioOptions
{
    public const int UsualPort = 5180;

    /// <summary>The address to listen on. Only this computer can reach the default.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; } = UsualPort;

    /// <summary>What visitors must show; null lets everybody in, which only a loopback address may do.</summary>
    public string? Token { get; init; }

    /// <summary>Threads that a model computes with.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>The model that is used when none is asked for.</summary>
    public string Model { get; init; } = ModelFinder.Default;

    /// <summary>The folder whose trainings, reports and model cards the page /lab shows; null for none.</summary>
    public string? Lab { get; init; }

    public StudioLimits Limits { get; init; } = new();

    /// <exception cref="ArgumentException">The options contradict each other; the message says how.</exception>
    public void Validate()
    {
        if (!IPAddress.IsLoopback(Address) && string.IsNullOrEmpty(Token))
            throw new ArgumentException($"{Address} can be reached by others: name a token that they must know");
        if (Port is < 0 or > 65535)
            throw new ArgumentException($"port {Port}: 0 to 65535");
        if (Lab is not null && !Directory.Exists(Lab))
            throw new ArgumentException($"{Lab}: there is no such folder; --lab names the one with your runs, reports and models");
    }
}

/// <summary>What strangers' pictures may take, all in one place.</summary>
public sealed record StudioLimits
{
    /// <summary>Bytes of one upload.</summary>
    public long UploadBytes { get; init; } = 32 << 20;

    /// <summary>Checked in the header, before pixels are allocated.</summary>
    public ImageLimits Picture { get; init; } = new() { MaxPixels = 50_000_000, MaxSide = 16_384 };

    /// <summary>Jobs that wait. More are refused with 429.</summary>
    public int Waiting { get; init; } = 16;

    /// <summary>Jobs that are remembered with their pictures; the oldest finished one makes room.</summary>
    public int Remembered { get; init; } = 300;

    /// <summary>Bytes of memory for results that a strength can be chosen of at once. Others are computed again when they are asked for.</summary>
    public long KeptBytes { get; init; } = 1L << 30;

    /// <summary>Bytes of memory that the process should keep within while a model runs, kept results not counted.</summary>
    public long Memory { get; init; } = 2L << 30;

    /// <summary>Processes that decode and encode pictures at the same time.</summary>
    public int Decoders { get; init; } = 2;

    /// <summary>Bytes of memory that one of them may take.</summary>
    public long DecoderMemory { get; init; } = 2L << 30;

    /// <summary>For one picture to be read, or written, by one of them.</summary>
    public TimeSpan DecoderTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For one picture, from its turn on.</summary>
    public TimeSpan JobTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Connections at a time.</summary>
    public int Connections { get; init; } = 200;
}
