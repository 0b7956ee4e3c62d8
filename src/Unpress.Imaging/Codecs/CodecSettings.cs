namespace Unpress.Imaging.Codecs;

/// <summary>How strongly to compress: <paramref name="Quality"/> in the codec's own scale (QF, QP, …).</summary>
public sealed record CodecSettings(int Quality, ChromaSubsampling Subsampling = ChromaSubsampling.C420);
