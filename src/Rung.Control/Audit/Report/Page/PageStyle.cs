namespace Rung.Control.Audit.Page;

/// <summary>The style of the page: light and dark as the reader's system is, and fit for paper.</summary>
internal static class PageStyle
{
    public const string Css = """
        :root { color-scheme: light dark; --paper:#fdfdfb; --card:#ffffff; --ink:#1c1d1f; --soft:#5f6368; --line:#dfe1e5; --bar:#2b66c4; --good:#157f5f; --warn:#8a5a00;
          --t0:#9ad0b8; --t1:#4f9fd6; --t2:#2b4f9e; --t3:#6d3f94; --t4:#a03c6b; --tx:#b4b8bf; --k1:#2b66c4; --k2:#8fb8ee; --k3:#d9a93a; --k4:#c4502f; --k5:#7d4bb3; }
        @media (prefers-color-scheme: dark) { :root { --paper:#15171a; --card:#1d2024; --ink:#e8e9eb; --soft:#a2a7ae; --line:#363a40; --bar:#6fa1ee; --good:#5cc9a3; --warn:#e0b25a;
          --t0:#b4e2cd; --t1:#6db5e6; --t2:#5a7fd6; --t3:#a678cf; --t4:#d27aa4; --tx:#6d727a; --k1:#6fa1ee; --k2:#3f5f8f; --k3:#d9b45c; --k4:#e5815f; --k5:#ab80dc; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; max-width: 1080px; padding: 28px 20px 60px; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
        h1 { font-size: 24px; margin: 0 0 2px; } h2 { font-size: 18px; margin: 36px 0 10px; } h3 { font-size: 15px; margin: 0 0 6px; }
        p { margin: 6px 0; } .soft { color: var(--soft); } .verdict { font-size: 17px; max-width: 76ch; } .banner { border-left: 4px solid var(--warn); padding: 6px 12px; background: var(--card); }
        .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 12px; margin: 20px 0 6px; }
        .figure { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; } .figure b { display: block; font-size: 24px; font-variant-numeric: tabular-nums; }
        .charts { display: grid; grid-template-columns: 1fr; gap: 14px; } .chart { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; break-inside: avoid; margin: 0; }
        .chart.wide { grid-column: 1 / -1; } figcaption { font-weight: 600; margin-bottom: 6px; } svg { display: block; width: 100%; height: auto; } svg text { font: 12px system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; fill: var(--ink); }
        svg .soft { fill: var(--soft); } svg .axis { stroke: var(--line); } svg .whisker { stroke: var(--ink); stroke-width: 1.5; fill: none; } .bar { fill: var(--bar); }
        .t0 { fill: var(--t0); } .t1 { fill: var(--t1); } .t2 { fill: var(--t2); } .t3 { fill: var(--t3); } .t4 { fill: var(--t4); } .tx { fill: var(--tx); }
        .k1 { fill: var(--k1); } .k2 { fill: var(--k2); } .k3 { fill: var(--k3); } .k4 { fill: var(--k4); } .k5 { fill: var(--k5); }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: 14px; } th, td { text-align: left; padding: 5px 8px; border-bottom: 1px solid var(--line); vertical-align: top; }
        th { font-weight: 600; color: var(--soft); white-space: nowrap; } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } tr.total td { font-weight: 600; } td.name { max-width: 300px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
        .saving { color: var(--good); } .job { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; margin: 10px 0; break-inside: avoid; overflow-wrap: anywhere; }
        .job ul, .list { margin: 6px 0; padding-left: 20px; } summary { cursor: pointer; color: var(--soft); margin: 10px 0; } code { font: 13px ui-monospace, Consolas, monospace; overflow-wrap: anywhere; }
        @media print { body { max-width: none; padding: 0; font-size: 11px; } .figure b { font-size: 18px; } details::details-content { content-visibility: visible; display: block; } summary { list-style: none; } a { color: inherit; } }
        """;
}
