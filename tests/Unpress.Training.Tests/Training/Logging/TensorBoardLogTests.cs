using System.Text;
using Unpress.Training.Logging;

namespace Unpress.Tests.Training.Logging;

public sealed class TensorBoardLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-events-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_checksum_of_the_test_itself_is_the_published_one() =>
        Assert.Equal(0xE3069283, SlowCrc("123456789"u8)); // RFC 3720, B.4's algorithm on the usual check string

    [Fact]
    public void An_independent_reader_finds_what_was_written()
    {
        using (var log = new TensorBoardLog(_folder, time: new FixedTime()))
        {
            log.Scalar("train/loss", 7, 0.25);
            log.Scalar("psnr", 123_456_789_012, double.NaN);
            log.Image("sample", 300, 5, 4, 3, [1, 2, 3]);
        }

        var events = Read();
        Assert.Equal(4, events.Count);
        Assert.Equal("brain.Event:2", Encoding.UTF8.GetString(Assert.IsType<byte[]>(Fields(events[0])[3])));

        var scalar = Fields(events[1]);
        Assert.Equal(1_700_000_000.5, BitConverter.Int64BitsToDouble((long)(ulong)scalar[1]));
        Assert.Equal(7UL, scalar[2]);
        var value = Fields((byte[])Fields((byte[])scalar[5])[1]);
        Assert.Equal("train/loss", Encoding.UTF8.GetString((byte[])value[1]));
        Assert.Equal(0.25f, BitConverter.UInt32BitsToSingle((uint)value[2]));

        Assert.Equal(123_456_789_012UL, Fields(events[2])[2]);
        var image = Fields((byte[])Fields((byte[])Fields((byte[])Fields(events[3])[5])[1])[4]);
        Assert.Equal((4UL, 5UL, 3UL), ((ulong)image[1], (ulong)image[2], (ulong)image[3]));
        Assert.Equal(new byte[] { 1, 2, 3 }, image[4]);
    }

    [Fact]
    public void Resuming_keeps_the_records_through_that_step_and_goes_on_in_the_same_file()
    {
        using (var log = new TensorBoardLog(_folder))
        {
            for (int step = 100; step <= 500; step += 100)
                log.Scalar("loss", step, step);
        }

        using (var log = new TensorBoardLog(_folder, keepThrough: 300))
            log.Scalar("loss", 400, -1);
        Assert.Equal([0UL, 100, 200, 300, 400], Read().Select(Step));

        using (var log = new TensorBoardLog(_folder))
            log.Scalar("loss", 1, 1);
        Assert.Equal([0UL, 1], Read().Select(Step));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    public void A_record_cut_short_by_a_kill_is_removed(int missing)
    {
        using (var log = new TensorBoardLog(_folder))
        {
            log.Scalar("loss", 1, 1);
            log.Scalar("loss", 2, 2);
        }

        string path = Assert.Single(Directory.GetFiles(_folder));
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^missing]);
        using (var log = new TensorBoardLog(_folder, keepThrough: 1000))
            log.Scalar("loss", 3, 3);
        Assert.Equal([0UL, 1, 3], Read().Select(Step));
    }

    [Fact]
    public void A_record_with_a_flipped_bit_and_all_after_it_are_removed()
    {
        using (var log = new TensorBoardLog(_folder))
        {
            log.Scalar("loss", 1, 1);
            log.Scalar("loss", 2, 2);
            log.Scalar("loss", 3, 3);
        }

        string path = Assert.Single(Directory.GetFiles(_folder));
        byte[] bytes = File.ReadAllBytes(path);
        int record = (bytes.Length - 40) / 3; // the first record is 40 bytes: 16 of frame, 9 of time, 15 of version
        bytes[40 + record + 25] ^= 1;
        File.WriteAllBytes(path, bytes);
        using (new TensorBoardLog(_folder, keepThrough: 1000))
        {
        }

        Assert.Equal([0UL, 1], Read().Select(Step));
    }

    private static ulong Step(byte[] record) => Fields(record).TryGetValue(2, out object? step) ? (ulong)step : 0;

    // The format by its definition: every checksum compared, nothing left over.
    private List<byte[]> Read()
    {
        using var reader = new BinaryReader(File.OpenRead(Assert.Single(Directory.GetFiles(_folder))));
        var records = new List<byte[]>();
        while (reader.BaseStream.Position < reader.BaseStream.Length)
        {
            byte[] length = reader.ReadBytes(8);
            Assert.Equal(Unmask(reader.ReadUInt32()), SlowCrc(length));
            byte[] record = reader.ReadBytes((int)BitConverter.ToInt64(length));
            Assert.Equal(Unmask(reader.ReadUInt32()), SlowCrc(record));
            records.Add(record);
        }

        return records;
    }

    private static uint Unmask(uint masked) => uint.RotateLeft(masked - 0xA282EAD8, 15);

    private static uint SlowCrc(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in bytes)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                bool odd = ((crc ^ (uint)(value >> bit)) & 1) != 0;
                crc >>= 1;
                if (odd)
                    crc ^= 0x82F63B78;
            }
        }

        return ~crc;
    }

    // Field number to value: ulong for varints and 64-bit fields, uint for 32-bit ones, bytes for the rest.
    private static Dictionary<int, object> Fields(byte[] message)
    {
        using var reader = new BinaryReader(new MemoryStream(message));
        var fields = new Dictionary<int, object>();
        while (reader.BaseStream.Position < message.Length)
        {
            long key = reader.Read7BitEncodedInt64();
            fields.Add((int)(key >> 3), (key & 7) switch
            {
                0 => (ulong)reader.Read7BitEncodedInt64(),
                1 => reader.ReadUInt64(),
                2 => reader.ReadBytes((int)reader.Read7BitEncodedInt64()),
                5 => (object)reader.ReadUInt32(),
                var other => throw new InvalidDataException($"wire type {other}"),
            });
        }

        return fields;
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_500);
    }
}
