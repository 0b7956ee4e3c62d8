namespace Unpress.Torch;

/// <summary>Puts something back when disposed, on the thread that took it.</summary>
public readonly ref struct Switch(Action restore)
{
    private readonly Action? _restore = restore;

    public void Dispose() => _restore?.Invoke();
}
