namespace Rung.Control.Laboratory;

/// <summary>Names of sessions and calls, made once and used by every run: a call must not cost a string. Safe from several threads.</summary>
internal sealed class SessionNames
{
    private const int BlockSize = 1 << 12;
    private readonly string[]?[] blocks;
    private readonly string prefix;

    /// <summary>Prepares names with a prefix.</summary>
    /// <param name="prefix">What they begin with.</param>
    /// <param name="capacity">How many there are before they repeat.</param>
    public SessionNames(string prefix, int capacity)
    {
        this.prefix = prefix;
        blocks = new string[]?[(capacity + BlockSize - 1) / BlockSize];
    }

    /// <summary>The name of a number.</summary>
    public string this[long number]
    {
        get
        {
            var place = (int)(number % ((long)blocks.Length * BlockSize));
            // Two threads may both make a block: its names are equal, and either serves.
            var block = Volatile.Read(ref blocks[place / BlockSize]) ?? Make(place / BlockSize);
            return block[place % BlockSize];
        }
    }

    private string[] Make(int block)
    {
        var names = new string[BlockSize];
        for (var i = 0; i < names.Length; i++) names[i] = $"{prefix}{(block * BlockSize) + i}";
        Volatile.Write(ref blocks[block], names);
        return names;
    }
}
