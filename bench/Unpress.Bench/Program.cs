using Unpress.Bench;

// Our side of bench/forward.py, which starts this, talks to it over stdin and stdout, and compares.
switch (args)
{
    case ["weights", string path]:
        SeededWeights.Save(path);
        return 0;
    case ["forward", string model, string picture, string height, string width, string threads]:
        ForwardWorker.Run(model, picture, long.Parse(height), long.Parse(width), int.Parse(threads));
        return 0;
    default:
        Console.Error.WriteLine("usage: weights FILE | forward WEIGHTS PICTURE HEIGHT WIDTH THREADS");
        return 2;
}
