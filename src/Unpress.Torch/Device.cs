namespace Unpress.Torch;

/// <summary>Where a tensor lives. The type codes are ATen's: 0 = CPU, 1 = CUDA.</summary>
public readonly record struct Device(int Type, int Index = -1)
{
    public static Device Cpu => new(0);

    public static Device Cuda(int index = 0) => new(1, index);

    public bool IsCpu => Type == 0;

    public bool IsCuda => Type == 1;

    public override string ToString() => IsCpu ? "cpu" : Index > 0 ? $"cuda:{Index}" : "cuda";
}
