using Rung.Core.Alerts;
using Rung.Core.Policies;
using Rung.Core.Statistics;

namespace Rung.Core.Steering;

/// <summary>Where spending stands to a budget.</summary>
public sealed record BudgetReading
{
    /// <summary>The budget.</summary>
    public required Budget Budget { get; init; }
    /// <summary>Beginning of the period, UTC.</summary>
    public required DateTimeOffset From { get; init; }
    /// <summary>Its end.</summary>
    public required DateTimeOffset To { get; init; }
    /// <summary>Spent in it so far, nano-USD.</summary>
    public required long SpentNanoUsd { get; init; }
    /// <summary>Calls of unknown price in it: they are in no number.</summary>
    public required long UnknownCalls { get; init; }
    /// <summary>What it will have cost at its end, nano-USD, with a 95 % prediction interval; null while fewer than two whole days are known: a morning says nothing about a night.</summary>
    public Interval? Forecast { get; init; }
    /// <summary>When the budget will be used up at this pace; null when it lasts or nothing is known.</summary>
    public DateTimeOffset? UsedUpAt { get; init; }
    /// <summary>In words.</summary>
    public required string Words { get; init; }
}

/// <summary>
/// Spending against a budget: what was spent, and what the period will have cost at its end. What is to come is each remaining hour at the mean of the same hour of the
/// day over the last 28 days; its spread that of whole days.
/// </summary>
/// <remarks>
/// With n whole days known and R days to come, the spread of their sum is s √(R + R²/n), s the spread of a day (its trend and its weekdays are in s): Student's prediction
/// interval (G. J. Hahn, W. Q. Meeker, Statistical Intervals, 1991, §4.8).
/// </remarks>
public sealed class BudgetPace
{
    private const int DaysKept = 28;

    private readonly Budget _budget;
    private readonly SortedDictionary<long, double> _hours = []; // Nano-USD by hours since 1970.
    private long? _firstHour;
    private DateTimeOffset _from;
    private long _spent, _unknown;
    private DateTimeOffset? _since, _passedAt;

    /// <summary>Makes one.</summary>
    public BudgetPace(Budget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        _budget = budget;
    }

    /// <summary>Whether a call counts.</summary>
    public bool Covers(string? tag) => _budget.Tags.IsEmpty || (tag is not null && _budget.Tags.Contains(tag, StringComparer.Ordinal));

    /// <summary>Adds a call that counts; they come roughly in the order of their time.</summary>
    /// <param name="at">When.</param>
    /// <param name="costNanoUsd">Its cost; null when it is unknown.</param>
    public void Add(DateTimeOffset at, long? costNanoUsd)
    {
        Turn(at);
        var hour = HourOf(at);
        if (_firstHour is null || hour < _firstHour) _firstHour = hour;
        if (costNanoUsd is not { } cost)
        {
            if (at >= _from) _unknown++;
            return;
        }
        if (at >= _from)
        {
            _spent += cost;
            if (_spent > _budget.NanoUsd) _passedAt ??= at;
        }
        _hours[hour] = _hours.GetValueOrDefault(hour) + cost;
    }

    /// <summary>Where it stands.</summary>
    public BudgetReading Read(DateTimeOffset now)
    {
        Turn(now);
        Prune(HourOf(now));
        var to = EndOf(_from);
        var (rest, half) = Remaining(now, to);
        var limit = (double)_budget.NanoUsd;
        Interval? forecast = double.IsNaN(half) ? null : new Interval(_spent + rest, Math.Max(_spent, _spent + rest - half), _spent + rest + half);
        DateTimeOffset? usedUp = _spent <= limit && forecast is { } sum && sum.Estimate > limit && rest > 0 ? now + ((to - now) * ((limit - _spent) / rest)) : null;
        var spent = $"budget {_budget.Name}: {Instants.Usd(_spent)} of {Instants.Usd(limit)} spent this {_budget.Period.ToString().ToLowerInvariant()}";
        var words = forecast is not { } known ? $"{spent}; too little is known for a forecast"
            : $"{spent}; about {Instants.Usd(known.Estimate)} ({Instants.Usd(known.Low)} to {Instants.Usd(known.High)}) at its end{(usedUp is { } when ? $", used up about {Instants.Words(when)}" : "")}";
        return new BudgetReading
        {
            Budget = _budget, From = _from, To = to, SpentNanoUsd = _spent, UnknownCalls = _unknown, Forecast = forecast, UsedUpAt = usedUp,
            Words = _unknown == 0 ? words : $"{words}; {_unknown:N0} calls of unknown price are not in it",
        };
    }

    /// <summary>What somebody should know of it: that it is spent, or that it will be although chance is allowed for. Null when there is nothing.</summary>
    public AlertCondition? Condition(DateTimeOffset now)
    {
        var reading = Read(now);
        var spent = reading.SpentNanoUsd > _budget.NanoUsd;
        if (!spent && !(reading.Forecast is { } forecast && forecast.Low > _budget.NanoUsd))
        {
            _since = null;
            return null;
        }
        _since ??= now;
        return new AlertCondition
        {
            Key = $"budget:{_budget.Name}", Kind = AlertKind.BudgetPace, Severity = spent ? AlertSeverity.Critical : AlertSeverity.Warning,
            Summary = reading.Words, Cause = null, Next = $"rung report --by tag --since {Instants.Option(reading.From)}", Since = spent ? _passedAt ?? _since.Value : _since.Value,
            // A forecast may cross the line for an hour and come back; money that is spent is spent.
            For = spent ? TimeSpan.Zero : TimeSpan.FromMinutes(30),
        };
    }

    private (double Sum, double Half) Remaining(DateTimeOffset now, DateTimeOffset to)
    {
        if (_firstHour is not { } first) return (0, double.NaN);
        var current = HourOf(now);
        first = Math.Max(first, current - (DaysKept * 24));
        var days = (current - first) / 24; // The hour that began with the first call counts as whole.
        if (days < 2) return (0, double.NaN);
        var means = new double[24];
        for (var hour = current - (days * 24); hour < current; hour++) means[hour % 24] += _hours.GetValueOrDefault(hour) / days;
        var rest = 0.0;
        for (var at = now; at < to;)
        {
            var hour = HourOf(at);
            var end = DateTimeOffset.UnixEpoch.AddHours(hour + 1);
            if (end > to) end = to;
            rest += means[hour % 24] * (end - at).TotalHours;
            at = end;
        }
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0L; i < days; i++)
        {
            var total = 0.0;
            for (var hour = current - ((i + 1) * 24); hour < current - (i * 24); hour++) total += _hours.GetValueOrDefault(hour);
            sum += total;
            squares += total * total;
        }
        var spread = Math.Sqrt(Math.Max(0, squares - (sum * sum / days)) / (days - 1));
        var left = (to - now).TotalDays;
        return (rest, StudentT.TwoSided(0.95, days - 1) * spread * Math.Sqrt(left + (left * left / days)));
    }

    private void Turn(DateTimeOffset at)
    {
        var from = BeginningOf(at);
        if (from <= _from) return;
        (_from, _spent, _unknown, _passedAt) = (from, 0, 0, null);
    }

    private void Prune(long current)
    {
        while (_hours.Count > 0 && _hours.Keys.First() is var oldest && oldest < current - (DaysKept * 24)) _hours.Remove(oldest);
    }

    private DateTimeOffset BeginningOf(DateTimeOffset at)
    {
        var day = at.UtcDateTime.Date;
        var begin = _budget.Period switch
        {
            BudgetPeriod.Day => day,
            BudgetPeriod.Week => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            _ => new DateTime(day.Year, day.Month, 1, 0, 0, 0, DateTimeKind.Utc),
        };
        return new DateTimeOffset(begin, TimeSpan.Zero);
    }

    private DateTimeOffset EndOf(DateTimeOffset from) => _budget.Period switch
    {
        BudgetPeriod.Day => from.AddDays(1),
        BudgetPeriod.Week => from.AddDays(7),
        _ => from.AddMonths(1),
    };

    private static long HourOf(DateTimeOffset at) => (long)Math.Floor((at - DateTimeOffset.UnixEpoch).TotalHours);
}
