namespace Unpress.Lab.Experiments;

/// <summary>Remembers what was last made of some pictures' traces: the columns of one system are asked for in turn, and reading takes longest.</summary>
internal sealed class LastOf<T>(Func<IReadOnlyList<TracedPicture>, T> make)
    where T : class
{
    private IReadOnlyList<TracedPicture> _pictures = [];
    private T? _last;

    public T Of(IReadOnlyList<TracedPicture> pictures)
    {
        if (_last is null || !_pictures.SequenceEqual(pictures))
            (_pictures, _last) = (pictures, make(pictures));
        return _last;
    }
}
