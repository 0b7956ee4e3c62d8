using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Unpress.Training.Logging;

/// <summary>
/// A TensorBoard event file: TFRecord frames (length, masked CRC-32C, event, masked CRC-32C) around protobuf events, as
/// tensorflow/core/util/event.proto and summary.proto lay them out. Every record is given to the operating system when written, so
/// a killed run loses at most the record it was writing, and the next opening cuts that off.
/// </summary>
public sealed class TensorBoardLog : IDisposable
{
    private const int FrameBytes = 16;

    private readonly FileStream _file;
    private readonly TimeProvider _time;

    /// <summary>Goes on with the folder's event file, or starts one.</summary>
    /// <param name="folder">Created when absent.</param>
    /// <param name="keepThrough">The step of the checkpoint resumed from: later records, which will be made again, are cut off. −1: all.</param>
    /// <param name="time">Dates the records.</param>
    public TensorBoardLog(string folder, long keepThrough = -1, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        Path = Directory.GetFiles(folder, "events.out.tfevents.*").Order(StringComparer.Ordinal).LastOrDefault()
            ?? System.IO.Path.Combine(folder, FormattableString.Invariant($"events.out.tfevents.{_time.GetUtcNow().ToUnixTimeSeconds():d10}.unpress"));
        _file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        long end = keepThrough < 0 ? 0 : EndOfRecords(keepThrough);
        _file.SetLength(end);
        _file.Position = end;
        if (end == 0)
            Append(new ProtoWriter().Double(1, Now()).Text(3, "brain.Event:2"));
    }

    public string Path { get; }

    /// <param name="tag">Name of the curve; "train/loss" groups it under "train".</param>
    /// <param name="step">Its place on the axis.</param>
    /// <param name="value">May be NaN or infinite: TensorBoard shows those.</param>
    public void Scalar(string tag, long step, double value) =>
        Append(Event(step, new ProtoWriter().Text(1, tag).Float(2, (float)value)));

    /// <param name="tag">Name of the picture.</param>
    /// <param name="step">Its place in the row.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="height">Pixels.</param>
    /// <param name="bands">1 gray, 3 RGB, 4 RGB and alpha.</param>
    /// <param name="encoded">The picture as PNG or JPEG.</param>
    public void Image(string tag, long step, int width, int height, int bands, ReadOnlySpan<byte> encoded)
    {
        var image = new ProtoWriter().Varint(1, height).Varint(2, width).Varint(3, bands).Block(4, encoded);
        Append(Event(step, new ProtoWriter().Text(1, tag).Block(4, image.Bytes)));
    }

    public void Dispose() => _file.Dispose();

    // Event { 1: wall time, 2: step, 5: Summary { 1: value } }
    private ProtoWriter Event(long step, ProtoWriter value) =>
        new ProtoWriter().Double(1, Now()).Varint(2, step).Block(5, new ProtoWriter().Block(1, value.Bytes).Bytes);

    private void Append(ProtoWriter record)
    {
        byte[] frame = new byte[record.Bytes.Length + FrameBytes];
        BinaryPrimitives.WriteInt64LittleEndian(frame, record.Bytes.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(8), Crc32C.Masked(frame.AsSpan(0, 8)));
        record.Bytes.CopyTo(frame.AsSpan(12));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(frame.Length - 4), Crc32C.Masked(record.Bytes));
        _file.Write(frame);
        _file.Flush();
    }

    // Where the first record of a later step, or the first that is not whole, begins.
    private long EndOfRecords(long keepThrough)
    {
        long end = 0;
        byte[] head = new byte[12];
        while (_file.Length - end >= FrameBytes)
        {
            _file.Position = end;
            _file.ReadExactly(head);
            long length = BinaryPrimitives.ReadInt64LittleEndian(head);
            bool whole = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(8)) == Crc32C.Masked(head.AsSpan(0, 8))
                && length >= 0 && length <= _file.Length - end - FrameBytes;
            if (!whole)
                break;
            byte[] record = new byte[length + 4];
            _file.ReadExactly(record);
            var body = record.AsSpan(0, (int)length);
            if (BinaryPrimitives.ReadUInt32LittleEndian(record.AsSpan((int)length)) != Crc32C.Masked(body) || StepOf(body) > keepThrough)
                break;
            end += length + FrameBytes;
        }

        return end;
    }

    // Our own records: field 1, nine bytes, then field 2 where there is a step.
    private static long StepOf(ReadOnlySpan<byte> record)
    {
        const int StepKey = 2 << 3;
        if (record.Length < 11 || record[9] != StepKey)
            return 0;
        ulong step = 0;
        for (int i = 10, shift = 0; i < record.Length; i++, shift += 7)
        {
            step |= (ulong)(record[i] & 0x7F) << shift;
            if (record[i] < 0x80)
                break;
        }

        return (long)step;
    }

    private double Now() => _time.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
}

/// <summary>CRC-32C (Castagnoli, polynomial 0x1EDC6F41 reflected), and the "masked" form that TFRecord files store.</summary>
internal static class Crc32C
{
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>Rotated and offset, so that a checksum over data that holds checksums stays good.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes)
    {
        uint crc = Of(bytes);
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }
}

/// <summary>The four kinds of protobuf field that TensorBoard's events need.</summary>
internal sealed class ProtoWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public ProtoWriter Varint(int field, long value)
    {
        Raw((ulong)field << 3);
        Raw((ulong)value);
        return this;
    }

    public ProtoWriter Double(int field, double value)
    {
        Raw(((ulong)field << 3) | 1);
        BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(8), value);
        _bytes.Advance(8);
        return this;
    }

    public ProtoWriter Float(int field, float value)
    {
        Raw(((ulong)field << 3) | 5);
        BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(4), value);
        _bytes.Advance(4);
        return this;
    }

    public ProtoWriter Block(int field, ReadOnlySpan<byte> value)
    {
        Raw(((ulong)field << 3) | 2);
        Raw((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    public ProtoWriter Text(int field, string value) => Block(field, Encoding.UTF8.GetBytes(value));

    private void Raw(ulong value)
    {
        while (value >= 0x80)
        {
            _bytes.GetSpan(1)[0] = (byte)(value | 0x80);
            _bytes.Advance(1);
            value >>= 7;
        }

        _bytes.GetSpan(1)[0] = (byte)value;
        _bytes.Advance(1);
    }
}
