namespace Unpress.Imaging;

/// <summary>Which chroma planes a codec keeps.</summary>
public enum ChromaSubsampling
{
    /// <summary>4:2:0, chroma halved both ways.</summary>
    C420,

    /// <summary>4:2:2, chroma halved horizontally.</summary>
    C422,

    /// <summary>4:4:4, chroma kept whole.</summary>
    C444,
}
