using System.Runtime.InteropServices;
using System.Text;
using Unpress.Torch.Interop;

namespace Unpress.Torch;

/// <summary>
/// Any operator of libtorch, found once by name, and called through the dispatcher: <c>Op.Find("aten::conv2d").Call(x, w, b)</c>.
/// Arguments are positional, in the order of the operator's schema; missing trailing ones take its defaults.
/// </summary>
public sealed unsafe class Op
{
    private const int MaxResults = 1024;

    [ThreadStatic]
    private static OpObserver? _observer;

    /// <summary>Stands for <see cref="Tensor.Alias"/>, which is no call of an operator, before an <see cref="OpObserver"/>.</summary>
    public static readonly Op Alias = Find("aten::alias");

    /// <summary>Stands for numbers that leave a tensor, before an <see cref="OpObserver"/>.</summary>
    public static readonly Op Read = Find("unpress::read");

    private nint _handle;

    private Op(string name) => Name = name;

    /// <summary>Namespace, name and overload: <c>aten::add.Tensor</c>.</summary>
    public string Name { get; }

    /// <summary>The operator's signature as libtorch prints it.</summary>
    public string Schema
    {
        get
        {
            byte* text = stackalloc byte[4096];
            Native.Check(Native.ut_op_schema(Handle(), text, 4096));
            return Marshal.PtrToStringUTF8((nint)text)!;
        }
    }

    /// <summary>Names an operator, as <c>namespace::name</c> or <c>namespace::name.overload</c>.</summary>
    /// <remarks>
    /// It is looked for when it is first used: the program starts without libtorch, and one that lacks an operator hinders only what needs it.
    /// The first use throws a <see cref="TorchException"/> then.
    /// </remarks>
    public static Op Find(string name) => new(name);

    /// <summary>
    /// Shows every operator that this thread calls and that returns or changes tensors to <paramref name="observer"/>, until the result is
    /// disposed; second handles as <see cref="Alias"/>, and numbers that are read out of a tensor as <see cref="Read"/>.
    /// </summary>
    public static Switch Observe(OpObserver observer)
    {
        var before = _observer;
        _observer = observer;
        return new Switch(() => _observer = before);
    }

    /// <summary>
    /// True while this thread's operators are shown to somebody. Networks then do in one go what they otherwise do in parts for the memory's
    /// sake: a graph cannot follow a loop whose length follows the picture.
    /// </summary>
    public static bool IsObserved => _observer is not null;

    /// <summary>Calls an operator that returns exactly one tensor.</summary>
    public Tensor Call(params ReadOnlySpan<Value> arguments)
    {
        var tensor = ShapesOnly.Try(Name, arguments) ?? CallNative(arguments);
        _observer?.Invoke(this, arguments, tensor);
        return tensor;
    }

    private Tensor CallNative(ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        int count = Invoke(arguments, &result, 1);
        return count == 1 && result.Tag == ValueTag.Tensor ? new Tensor(result.Pointer) : throw new TorchException($"{Name} returned no tensor");
    }

    /// <summary>Calls an operator that returns several tensors or a list; absent ones are null.</summary>
    public Tensor?[] CallMany(params ReadOnlySpan<Value> arguments)
    {
        var results = new NativeValue[MaxResults];
        fixed (NativeValue* pointer = results)
        {
            int count = Invoke(arguments, pointer, MaxResults);
            var tensors = new Tensor?[count];
            for (int k = 0; k < count; k++)
                tensors[k] = results[k].Tag == ValueTag.Tensor ? new Tensor(results[k].Pointer) : null;
            if (_observer is not null && tensors is [{ } first, ..])
                _observer(this, arguments, first);
            return tensors;
        }
    }

    /// <summary>Calls an operator for its effect (in-place and foreach operators); a tensor it returns is the one it was given.</summary>
    public void Run(params ReadOnlySpan<Value> arguments)
    {
        NativeValue* results = stackalloc NativeValue[4];
        int count = Invoke(arguments, results, 4);
        for (int k = 0; k < count; k++)
            if (results[k].Tag == ValueTag.Tensor)
                Native.ut_tensor_free(results[k].Pointer);
        if (_observer is not null && arguments is [{ Tensor: { } changed }, ..])
            _observer(this, arguments, changed);
    }

    /// <summary>Shows what happens to a tensor without an operator.</summary>
    internal static void Show(Op standIn, Tensor tensor, Tensor result) => _observer?.Invoke(standIn, [tensor], result);

    /// <summary>Calls an operator that returns a number or a truth value.</summary>
    public double Number(params ReadOnlySpan<Value> arguments)
    {
        NativeValue result;
        Invoke(arguments, &result, 1);
        return result.Tag == ValueTag.Float ? result.Number : result.Integer;
    }

    // Two threads may both look: they find the same.
    private nint Handle()
    {
        if (_handle == 0)
        {
            int dot = Name.IndexOf('.', StringComparison.Ordinal);
            Native.Check(Native.ut_op_find(dot < 0 ? Name : Name[..dot], dot < 0 ? "" : Name[(dot + 1)..], out nint handle));
            _handle = handle;
        }
        return _handle;
    }

    private int Invoke(ReadOnlySpan<Value> arguments, NativeValue* results, int capacity)
    {
        nint handle = Handle();
        NativeValue* native = stackalloc NativeValue[arguments.Length];
        int words = 0;
        foreach (ref readonly var argument in arguments)
            words += Words(argument);
        var rented = words > 256 ? new long[words] : null;
        Span<long> lists = rented ?? stackalloc long[256];
        fixed (long* start = lists)
        {
            long* next = start;
            for (int k = 0; k < arguments.Length; k++)
                native[k] = Write(arguments[k], ref next);
            int status = Native.ut_op_call(handle, native, arguments.Length, results, capacity, out int count);
            // The handles above are raw: nothing may be collected before the call is over.
            foreach (ref readonly var argument in arguments)
                GC.KeepAlive(argument.Reference);
            if (status != 0)
                throw new TorchException($"{Name}: {Marshal.PtrToStringUTF8(Native.ut_last_error())}");
            return count;
        }
    }

    private static int Words(in Value value) => value.Reference switch
    {
        string text => (Encoding.UTF8.GetByteCount(text) + 7) / 8,
        Array list => list.Length,
        _ => 0,
    };

    private static NativeValue Write(in Value value, ref long* next)
    {
        var native = new NativeValue { Tag = value.Tag, Integer = value.Integer, Number = value.Number };
        switch (value.Reference)
        {
            case Tensor tensor:
                native.Pointer = tensor.Handle;
                return native;
            case GeneratorHandle generator:
                native.Pointer = generator.DangerousGetHandle();
                return native;
            case string text:
                native.Pointer = (nint)next;
                native.Count = Encoding.UTF8.GetBytes(text, new Span<byte>(next, Encoding.UTF8.GetByteCount(text)));
                next += (native.Count + 7) / 8;
                return native;
            case null:
                if (value.Tag == ValueTag.Device)
                    native.Count = (int)value.Number;
                return native;
        }

        native.Pointer = (nint)next;
        switch (value.Reference)
        {
            case long[] numbers:
                foreach (long number in numbers)
                    *next++ = number;
                break;
            case double[] numbers:
                foreach (double number in numbers)
                    *next++ = BitConverter.DoubleToInt64Bits(number);
                break;
            case bool[] flags:
                foreach (bool flag in flags)
                    *next++ = flag ? 1 : 0;
                break;
            case Tensor?[] tensors:
                foreach (var tensor in tensors)
                    *next++ = tensor is null ? 0 : tensor.Handle;
                break;
        }

        native.Count = (int)(next - (long*)native.Pointer);
        return native;
    }
}
