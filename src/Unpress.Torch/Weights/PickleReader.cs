using System.Buffers.Binary;
using System.Text;

namespace Unpress.Torch.Weights;

/// <summary>
/// Reads a protocol-2 pickle as plain data: it builds containers and numbers and hands classes to <see cref="TorchObjects"/>, which
/// knows a handful of them. It never runs code. Memory and time are bounded by the pickle's length.
/// </summary>
internal sealed class PickleReader(MappedFile file, long position, long end, TorchObjects torch)
{
    private const int HighestProtocol = 2;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private static readonly object Mark = new();

    private readonly List<object?> _stack = [];
    private readonly Dictionary<uint, object?> _memo = [];

    /// <summary>Where the next unread byte is.</summary>
    public long Position { get; private set; } = position;

    /// <summary>Reads one pickle up to and with its STOP.</summary>
    public object? Read()
    {
        _stack.Clear();
        _memo.Clear();
        while (true)
        {
            byte code = Bytes(1)[0];
            if (code == '.')
            {
                object? result = Pop();
                return _stack.Count == 0 ? result : throw Damaged("values are left over at its end");
            }
            Step(code);
        }
    }

    private void Step(byte code)
    {
        switch (code)
        {
            case 0x80: CheckProtocol(Bytes(1)[0]); break;
            case (byte)'(': _stack.Add(Mark); break;

            case (byte)'N': _stack.Add(null); break;
            case 0x88: _stack.Add(true); break;
            case 0x89: _stack.Add(false); break;
            case (byte)'K': _stack.Add((long)Bytes(1)[0]); break;
            case (byte)'M': _stack.Add((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2))); break;
            case (byte)'J': _stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4))); break;
            case 0x8A: _stack.Add(Integer(Bytes(Bytes(1)[0]))); break;
            case (byte)'G': _stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8))); break;
            case (byte)'X' or (byte)'T': _stack.Add(Text(Bytes(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))))); break;
            case (byte)'U': _stack.Add(Text(Bytes(Bytes(1)[0]))); break;

            case (byte)')': _stack.Add(Array.Empty<object?>()); break;
            case 0x85: _stack.Add(PopTuple(1)); break;
            case 0x86: _stack.Add(PopTuple(2)); break;
            case 0x87: _stack.Add(PopTuple(3)); break;
            case (byte)'t': _stack.Add(PopToMark()); break;
            case (byte)']': _stack.Add(new List<object?>()); break;
            case (byte)'a': Append(PopTuple(1)); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'}': _stack.Add(new PickleDict()); break;
            case (byte)'s': SetItems(PopTuple(2)); break;
            case (byte)'u': SetItems(PopToMark()); break;

            case (byte)'q': _memo[Bytes(1)[0]] = Peek(); break;
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Peek(); break;
            case (byte)'h': _stack.Add(Recall(Bytes(1)[0])); break;
            case (byte)'j': _stack.Add(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4)))); break;

            case (byte)'c': _stack.Add(torch.Global(Line(), Line())); break;
            case (byte)'R': Call(); break;
            case 0x81: Make(); break;
            case (byte)'b': Build(); break;
            case (byte)'Q': _stack.Add(torch.Persistent(Pop())); break;
            default: throw file.Fault($"holds more than tensors and plain containers (pickle instruction 0x{code:X2} is refused)");
        }
    }

    private void CheckProtocol(byte protocol)
    {
        if (protocol > HighestProtocol)
            throw file.Fault($"is pickled with protocol {protocol}; save it again with torch.save and its default protocol");
    }

    private void Call()
    {
        object? arguments = Pop();
        object? callee = Pop();
        if (callee is not PickleGlobal function || arguments is not object?[] list) throw Damaged("something that is no class is called");
        _stack.Add(torch.Call(function, list));
    }

    private void Make()
    {
        if (Pop() is not object?[] { Length: 0 }) throw Damaged("an object is made with arguments");
        _stack.Add(torch.Make(Pop()));
    }

    // Python stores attributes that someone set on an object this way. state_dict() sets _metadata, the modules' versions, on its
    // OrderedDict; the tensors do not depend on it. Of a module of TorchScript the attributes are all there is.
    private void Build()
    {
        object? state = Pop();
        if (Peek() is PickleModule module) module.Attributes = state;
        else if (state is not PickleDict || Peek() is not PickleDict) throw file.Fault("holds an object with attributes; only containers are read");
    }

    private void Append(object?[] values)
    {
        if (Peek() is not List<object?> list) throw Damaged("a value is appended to what is no list");
        list.AddRange(values);
    }

    private void SetItems(object?[] values)
    {
        if (Peek() is not PickleDict dict || values.Length % 2 != 0) throw Damaged("an item is set in what is no dict");
        for (int i = 0; i < values.Length; i += 2) dict.Items.Add(new(values[i], values[i + 1]));
    }

    private object? Peek() => _stack.Count > 0 && _stack[^1] != Mark ? _stack[^1] : throw Damaged("a value is missing");

    private object? Pop()
    {
        object? value = Peek();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object?[] PopTuple(int count)
    {
        object?[] values = new object?[count];
        for (int i = count - 1; i >= 0; i--) values[i] = Pop();
        return values;
    }

    private object?[] PopToMark()
    {
        int mark = _stack.LastIndexOf(Mark);
        if (mark < 0) throw Damaged("a mark is missing");
        object?[] values = [.. _stack.Skip(mark + 1)];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return values;
    }

    private object? Recall(uint index) => _memo.TryGetValue(index, out object? value) ? value : throw Damaged($"it has no value {index}");

    private ReadOnlySpan<byte> Bytes(long count)
    {
        if (count > end - Position) throw Damaged("it ends early");
        ReadOnlySpan<byte> bytes = file.Slice(Position, count);
        Position += count;
        return bytes;
    }

    private string Line()
    {
        ReadOnlySpan<byte> rest = file.Slice(Position, Math.Min(end - Position, int.MaxValue));
        int length = rest.IndexOf((byte)'\n');
        if (length < 0) throw Damaged("it ends early");
        Position += length + 1;
        return Text(rest[..length]);
    }

    private string Text(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw file.Fault("its pickle is damaged: a string is not UTF-8", e);
        }
    }

    // Two's complement of any length. Wider than 64 bits occurs once, in the magic number, which is checked as bytes before.
    private static object Integer(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > sizeof(long)) return new System.Numerics.BigInteger(bytes);
        long value = 0;
        for (int i = 0; i < bytes.Length; i++) value |= (long)bytes[i] << (8 * i);
        int unused = 64 - 8 * bytes.Length;
        return bytes.Length == 0 ? 0L : value << unused >> unused;
    }

    private WeightsFormatException Damaged(string detail) => file.Fault($"its pickle is damaged: {detail}");
}
