using System.Text.Json.Serialization;

namespace Unpress.Networks;

/// <summary>How <see cref="Dagn"/> brings the compression-insensitive features into its base features (the paper's CFM).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DagnFusionKind>))]
public enum DagnFusionKind
{
    /// <summary>Not at all: the ablation's row without CFM.</summary>
    None,

    /// <summary>Attention whose result is added: the released model ("nonlocal2").</summary>
    Added,

    /// <summary>Attention whose result is joined with the base features by a 1×1 convolution ("nonlocal", the authors' training file).</summary>
    Joined,

    /// <summary>Equation 10 as it stands in the paper: three 1×1 convolutions, no normalisation, no softmax.</summary>
    Literal,
}
