using System.Text;

namespace Unpress.Inference;

/// <summary>The words of a command line, without a shell: blanks part words, single and double quotes keep them together, nothing else is special.</summary>
internal static class CommandWords
{
    /// <exception cref="ArgumentException">A quote is not closed.</exception>
    public static IReadOnlyList<string> Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool begun = false;
        char? quote = null;
        foreach (char letter in command)
        {
            if (quote is null && char.IsWhiteSpace(letter))
            {
                if (begun)
                    words.Add(word.ToString());
                word.Clear();
                begun = false;
                continue;
            }

            begun = true;
            if (quote is null && letter is ('"' or '\''))
                quote = letter;
            else if (quote == letter)
                quote = null;
            else
                word.Append(letter);
        }

        if (quote is not null)
            throw new ArgumentException($"the command {command} has an open quote");
        if (begun)
            words.Add(word.ToString());
        return words;
    }
}
