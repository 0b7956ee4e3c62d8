namespace Unpress.Lab.Experiments;

/// <summary>Who enhances a picture in turn.</summary>
/// <param name="Number">Among all of the run, from 1; starts its random numbers.</param>
/// <param name="Name">The enhancer in tables: its own name, or that of a draw.</param>
/// <param name="Order">The first enhancer, the second, …; as many as there are cycles.</param>
/// <param name="Drawn">The order was drawn.</param>
internal sealed record Chain(int Number, string Name, IReadOnlyList<LabEnhancer> Order, bool Drawn);
