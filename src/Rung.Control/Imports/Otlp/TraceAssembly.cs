namespace Rung.Control.Imports.Otlp;

/// <summary>
/// Puts the spans of one trace together: which calls count, who made them, what came next. Parents that repeat their children's tokens are dropped, and what
/// went before is remembered, so that a trace that comes in two parts is not counted twice.
/// </summary>
internal sealed class TraceAssembly
{
    /// <summary>Siblings behind a call that are looked at for the step that came next.</summary>
    private const int LooksAhead = 64;
    private const int Remembered = 250_000;

    private readonly List<HeldSpan> _spans = [];
    private readonly List<HeldSpan> _tops = [];
    private readonly List<HeldSpan> _calls = [];
    private readonly Stack<HeldSpan> _path = new();
    private readonly Dictionary<ulong, HeldSpan> _byId = [];
    private readonly Dictionary<ulong, HeldSpan> _missing = [];
    private readonly RecentIds _covered = new(Remembered);
    private readonly RecentIds _repeating = new(Remembered);
    private readonly RecentIds _gone = new(Remembered);

    public long SplitTraces { get; private set; }
    public long UsageWithoutCalls { get; private set; }

    /// <summary>Hands over the calls of a trace.</summary>
    /// <param name="trace">Its id.</param>
    /// <param name="first">Its spans, linked by <see cref="HeldSpan.Next"/>, in any order.</param>
    /// <param name="sink">Gets the calls, in the order of their time.</param>
    /// <param name="remember">Whether more of it may come.</param>
    public void Emit(UInt128 trace, HeldSpan first, IImportSink sink, bool remember)
    {
        // 1. In the order of time, each span once.
        Gather(first, sink);
        // 2. A tree, whatever the ids say.
        Link();
        // 3. Who repeats whom.
        var isLate = _gone.Contains(RecentIds.Of(trace, 0));
        if (isLate) SplitTraces++;
        MarkRepeating(trace);
        // 4. What a span does not say itself is said by the spans above it.
        Inherit(trace);
        // 5. The calls that count.
        Choose(sink);
        var run = SpanIds.Text(trace);
        for (var i = 0; i < _calls.Count; i++) sink.Add(Complete(_calls[i], run, isLate ? null : i, isLate ? null : i == _calls.Count - 1));
        if (remember) Remember(trace);

        _spans.Clear();
        _tops.Clear();
        _calls.Clear();
        _byId.Clear();
        _missing.Clear();
    }

    private void Gather(HeldSpan first, IImportSink sink)
    {
        for (HeldSpan? span = first, next; span is not null; span = next)
        {
            next = span.Next;
            span.Next = null;
            _spans.Add(span);
        }
        if (_spans.Count == 1)
        {
            _byId[_spans[0].Id] = _spans[0];
            return;
        }
        // Of two copies the one that tells more stays.
        _spans.Sort(static (a, b) =>
        {
            var order = a.Start.CompareTo(b.Start);
            if (order == 0) order = a.Id.CompareTo(b.Id);
            if (order == 0) order = b.CarriesUsage.CompareTo(a.CarriesUsage);
            return order != 0 ? order : b.End.CompareTo(a.End);
        });
        var kept = 0;
        for (var i = 0; i < _spans.Count; i++)
        {
            var span = _spans[i];
            if (_byId.TryAdd(span.Id, span)) _spans[kept++] = span;
            else sink.Leave(span.Part == SpanPart.Call ? LeftOut.Duplicate : LeftOut.NoModelCall);
        }
        _spans.RemoveRange(kept, _spans.Count - kept);
    }

    private void Link()
    {
        foreach (var span in _spans)
        {
            if (span.ParentId != 0 && span.ParentId != span.Id && _byId.TryGetValue(span.ParentId, out var parent)) span.Parent = parent;
        }
        BreakCycles();
        // A parent that is not here still makes its children siblings.
        var count = _spans.Count;
        for (var i = 0; i < count; i++)
        {
            var span = _spans[i];
            if (span.Parent is null)
            {
                var above = span.ParentId == span.Id || _byId.ContainsKey(span.ParentId) ? 0 : span.ParentId;
                if (!_missing.TryGetValue(above, out var top))
                {
                    _missing[above] = top = new HeldSpan { Trace = span.Trace, Id = above, Part = SpanPart.Missing };
                    _tops.Add(top);
                }
                span.Parent = top;
            }
            if (span.Parent.LastChild is null) span.Parent.FirstChild = span;
            else span.Parent.LastChild.Next = span;
            span.Parent.LastChild = span;
        }
    }

    private void BreakCycles()
    {
        foreach (var span in _spans)
        {
            // The path up ends at a span that was looked at before; if that was on this very path, it is a circle.
            _path.Clear();
            var at = span;
            while (at is { Visited: false })
            {
                at.Visited = true;
                _path.Push(at);
                at = at.Parent;
            }
            if (at is not null && _path.Contains(at)) _path.Peek().Parent = null;
        }
    }

    private void MarkRepeating(UInt128 trace)
    {
        foreach (var span in _spans)
        {
            var repeatsWhatWent = _repeating.Contains(RecentIds.Of(trace, span.Id));
            if (repeatsWhatWent) span.RepeatsChildren = true;
            if (!repeatsWhatWent && (span.Part != SpanPart.Call || !span.CarriesUsage)) continue;
            for (var above = span.Parent; above is { RepeatsChildren: false }; above = above.Parent) above.RepeatsChildren = true;
        }
    }

    private void Inherit(UInt128 trace)
    {
        _path.Clear();
        foreach (var top in _tops)
        {
            // A part of this trace that went before may have counted the missing parent, or a span above it.
            top.IsCovered = top.Id != 0 && _covered.Contains(RecentIds.Of(trace, top.Id));
            for (var child = top.FirstChild; child is not null; child = child.Next) _path.Push(child);
        }
        while (_path.TryPop(out var span))
        {
            var parent = span.Parent!;
            span.Step = span.Meaning ?? (span.Part == SpanPart.Agent ? null : parent.Step);
            span.Agent ??= parent.Agent;
            span.Session ??= parent.Session;
            span.User ??= parent.User;
            span.Role ??= parent.Role;
            span.TraceTag ??= parent.TraceTag;
            span.Simulated |= parent.Simulated;
            if (span.Tag is null) (span.Tag, span.TagSource) = (parent.Tag, parent.TagSource);
            span.IsCovered = parent.IsCovered || (parent is { Part: SpanPart.Call, RepeatsChildren: false, CarriesUsage: true });
            for (var child = span.FirstChild; child is not null; child = child.Next) _path.Push(child);
        }
    }

    private void Choose(IImportSink sink)
    {
        foreach (var span in _spans)
        {
            // A call below one that tells the tokens of both is the same request, told by another layer.
            if (span.Part == SpanPart.Call && !span.RepeatsChildren && !span.IsCovered)
            {
                _calls.Add(span);
                continue;
            }
            if (span.Part != SpanPart.Call && span.CarriesUsage && !span.RepeatsChildren) UsageWithoutCalls++;
            sink.Leave(span.Part == SpanPart.Call || span.CarriesUsage ? LeftOut.RepeatsChildren : LeftOut.NoModelCall);
        }
    }

    private ImportedCall Complete(HeldSpan span, string run, int? position, bool? isLast)
    {
        var tag = span.Tag;
        var source = span.TagSource;
        if (tag is null && span.TraceTag is not null)
        {
            // A tag of the whole trace names the job where the trace is one call; else it names what the calls are a part of.
            tag = span.TraceTag;
            source = _calls.Count == 1 && position is not null ? ImportedTagSource.Given : ImportedTagSource.Inferred;
        }
        return span.Call! with
        {
            Key = SpanIds.Key(run, span.Id), Run = run, RunPosition = position, EndsRun = isLast, FollowedBy = FollowedBy(span),
            Agent = span.Agent, Step = span.Step, Role = span.Role, Session = span.Session, User = span.User, Tag = tag, TagSource = source,
            Simulated = span.Simulated,
        };
    }

    // The next sibling in time; when there is none, the next one of the span above, and so on.
    private static string? FollowedBy(HeldSpan call)
    {
        var after = call.End;
        for (var at = call; at is { Part: not SpanPart.Missing }; at = at.Parent!)
        {
            var looked = 0;
            for (var next = at.Next; next is not null && looked < LooksAhead; next = next.Next, looked++)
            {
                if (next.Start >= after && NameOf(next) is { } name) return name;
            }
            after = Math.Max(after, at.End);
        }
        return null;
    }

    private static string? NameOf(HeldSpan span) => span.Part switch
    {
        SpanPart.Call => span.Step ?? span.Agent,
        SpanPart.Agent => span.Agent,
        SpanPart.Plumbing => null,
        _ => span.Meaning,
    };

    private void Remember(UInt128 trace)
    {
        _gone.Add(RecentIds.Of(trace, 0));
        foreach (var span in _spans)
        {
            if (span.RepeatsChildren) _repeating.Add(RecentIds.Of(trace, span.Id));
            else if (span.IsCovered || (span.Part == SpanPart.Call && span.CarriesUsage)) _covered.Add(RecentIds.Of(trace, span.Id));
        }
        foreach (var top in _tops)
        {
            if (top.Id != 0 && top.RepeatsChildren) _repeating.Add(RecentIds.Of(trace, top.Id));
        }
    }
}
