using System.Globalization;
using System.Text;

namespace Rung.Storage.Reports;

/// <summary>The rows of a report while it is being added up.</summary>
/// <param name="make">Makes the sums of a row by its key; null for those that have none.</param>
internal sealed class ReportGroups<TSums>(Func<string?, TSums> make)
{
    private const long MicrosPerDay = 86_400_000_000;

    private readonly NameTable _names = new();
    private readonly List<TSums> _groups = [];
    private readonly List<int> _groupOfName = [];
    private int _withoutKey = -1;
    private (long Day, int Group) _lastDay = (long.MinValue, -1);

    public int Count => _groups.Count;
    public TSums this[int group] => _groups[group];

    /// <summary>The group of a key in UTF-8; made when it is new.</summary>
    public int Of(ReadOnlySpan<byte> key)
    {
        var name = _names.Of(key);
        if (name == _groupOfName.Count) _groupOfName.Add(Add(_names[name]));
        return _groupOfName[name];
    }

    /// <summary>The group of those that have no key.</summary>
    public int WithoutKey() => _withoutKey >= 0 ? _withoutKey : _withoutKey = Add(null);

    /// <summary>The group of the day, UTC, of an instant.</summary>
    public int OfDay(long unixMicros)
    {
        var day = (unixMicros / MicrosPerDay) - (unixMicros % MicrosPerDay < 0 ? 1 : 0); // Rounded down, before 1970 too.
        if (day != _lastDay.Day)
        {
            var name = DateTime.UnixEpoch.AddDays(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            _lastDay = (day, Of(Encoding.UTF8.GetBytes(name)));
        }
        return _lastDay.Group;
    }

    private int Add(string? key)
    {
        _groups.Add(make(key));
        return _groups.Count - 1;
    }
}
