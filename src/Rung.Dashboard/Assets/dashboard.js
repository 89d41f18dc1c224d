// What pages do beyond HTML: charts, live updates, questions before an act, and what was open stays open. Everything works without it.

const charts = new Map(); // element -> uPlot

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const palette = () => [1, 2, 3, 4, 5, 6, 7, 8].map(n => colour(`--line-${n}`));

const usd = v => {
  const a = Math.abs(v);
  const digits = a === 0 ? 2 : a < 0.01 ? 6 : a < 10 ? 4 : 2;
  return `${v < 0 ? "-" : ""}$${a.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits })}`;
};
const short = v => {
  const a = Math.abs(v);
  if (a === 0) return "$0";
  return `${v < 0 ? "-" : ""}$${a >= 1 ? a.toLocaleString("en", { maximumFractionDigits: 2 }) : Number(a.toPrecision(2))}`;
};
const milliseconds = v => v < 1000 ? `${Number(v.toPrecision(3))} ms` : `${Number((v / 1000).toPrecision(3))} s`;
const percent = v => `${Number((v * 100).toFixed(1))} %`;
const writers = {
  usd: { exact: usd, axis: short },
  share: { exact: percent, axis: percent },
  milliseconds: { exact: milliseconds, axis: milliseconds },
  points: { exact: v => `${Number(v.toFixed(2))} points`, axis: v => `${Number(v.toFixed(2))} pt` },
  count: { exact: v => v.toLocaleString("en"), axis: v => v.toLocaleString("en", { maximumFractionDigits: 2 }) },
};

const withAlpha = (hex, alpha) => hex + Math.round(alpha * 255).toString(16).padStart(2, "0");

// Marks of revisions, rollouts, alerts and what the control loop did: a line down the axis and its first letter at the top.
function marksPlugin(marks) {
  const letters = { revision: "P", rollout: "R", alert: "A", action: "D", change: "C" };
  return {
    hooks: {
      draw: u => {
        const { ctx } = u;
        const ratio = devicePixelRatio || 1;
        ctx.save();
        ctx.font = `${10 * ratio}px system-ui, sans-serif`;
        ctx.textAlign = "center";
        let last = -Infinity;
        for (const mark of marks) {
          if (mark.at < u.scales.x.min || mark.at > u.scales.x.max) continue;
          const x = Math.round(u.valToPos(mark.at, "x", true));
          ctx.strokeStyle = ctx.fillStyle = colour(`--mark-${mark.kind}`) || colour("--muted");
          ctx.setLineDash([3 * ratio, 3 * ratio]);
          ctx.lineWidth = ratio;
          ctx.beginPath();
          ctx.moveTo(x, u.bbox.top);
          ctx.lineTo(x, u.bbox.top + u.bbox.height);
          ctx.stroke();
          if (x - last > 12 * ratio) {
            ctx.fillText(letters[mark.kind] ?? "•", x, u.bbox.top - 3 * ratio);
            last = x;
          }
        }
        ctx.restore();
      },
    },
  };
}

// A dashed line at the value that a series is compared with.
function targetsPlugin(series, colours) {
  return {
    hooks: {
      draw: u => {
        const { ctx } = u;
        const ratio = devicePixelRatio || 1;
        ctx.save();
        ctx.beginPath();
        ctx.rect(u.bbox.left, u.bbox.top, u.bbox.width, u.bbox.height);
        ctx.clip();
        series.forEach((line, i) => {
          if (line.target == null) return;
          const y = u.valToPos(line.target, "y", true);
          ctx.strokeStyle = colours[i % colours.length];
          ctx.setLineDash([6 * ratio, 4 * ratio]);
          ctx.lineWidth = 1.2 * ratio;
          ctx.beginPath();
          ctx.moveTo(u.bbox.left, y);
          ctx.lineTo(u.bbox.left + u.bbox.width, y);
          ctx.stroke();
        });
        ctx.restore();
      },
    },
  };
}

function draw(box) {
  const source = document.getElementById(box.dataset.chart);
  if (!source || typeof uPlot === "undefined") return;
  const chart = JSON.parse(source.content.textContent);
  const write = writers[chart.unit] ?? writers.count;
  const colours = palette();
  const data = [chart.x];
  const series = [{ label: "from (UTC)", value: (...all) => exactly(...all) }];
  const bands = [];
  chart.series.forEach((line, i) => {
    const stroke = colours[i % colours.length];
    const lonely = line.values.map((v, at) => v != null && line.values[at - 1] == null && line.values[at + 1] == null).some(Boolean);
    data.push(line.values);
    series.push({ label: line.name, stroke, width: 2, spanGaps: false, points: { show: lonely || chart.x.length <= 40, size: 5, fill: stroke }, value: (_, v) => v == null ? "–" : write.exact(v) });
    if (!line.low || !line.high) return;
    const edge = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: false };
    data.push(line.high, line.low);
    series.push({ ...edge, label: `${line.name}, high`, class: "edge" }, { ...edge, label: `${line.name}, low`, class: "edge" });
    bands.push({ series: [data.length - 2, data.length - 1], fill: withAlpha(stroke, 0.16) });
  });
  const axis = { stroke: colour("--muted"), grid: { stroke: colour("--grid"), width: 1 }, ticks: { stroke: colour("--grid") }, font: "11px system-ui, sans-serif" };
  const range = (_, low, high) => {
    const targets = chart.series.map(line => line.target).filter(v => v != null);
    let [least, most] = [Math.min(low ?? 0, chart.least ?? low ?? 0, ...targets), Math.max(high ?? 1, chart.most ?? high ?? 1, ...targets)];
    if (chart.unit !== "share" || least < 0.5) least = Math.min(least, chart.least ?? (least < 0 ? least : 0));
    if (most <= least) most = least + (least === 0 ? 1 : Math.abs(least) * 0.1);
    const room = (most - least) * 0.06;
    return [least < 0 || least > 0 && chart.least == null ? least - room : least, chart.unit === "share" && most <= 1 ? Math.min(1, most + room) : most + room];
  };
  const size = () => ({ width: Math.max(240, box.clientWidth), height: Number(box.dataset.height) || 220 });
  const two = n => String(n).padStart(2, "0");
  const day = at => `${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  const clock = at => `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  // Days by their date, hours by the clock, and midnight by both.
  const times = (_, ticks, __, ___, step) => ticks.map(tick => {
    const at = new Date(tick * 1000);
    return step >= 86400 ? day(at) : clock(at) === "00:00" ? `00:00\n${day(at)}` : clock(at);
  });
  const exactly = (_, tick) => tick == null ? "–" : new Date(tick * 1000).toISOString().slice(0, 16).replace("T", " ");
  const utc = seconds => uPlot.tzDate(new Date(seconds * 1000), "UTC");
  charts.get(box)?.destroy();
  const plot = new uPlot({
    ...size(), series, bands, tzDate: utc, padding: [16, 20, 0, 0],
    // A single point stands in the middle of ten minutes, not of ten years.
    scales: { x: { time: true, range: (_, first, last) => chart.x.length === 1 ? [chart.x[0] - 300, chart.x[0] + 300] : [first, last] }, y: { range } },
    axes: [{ ...axis, space: 60, values: times }, { ...axis, size: 64, values: (_, ticks) => ticks.map(write.axis) }],
    legend: { live: true }, cursor: { points: { size: 7 }, drag: { x: false, y: false } },
    plugins: [targetsPlugin(chart.series, colours), marksPlugin(chart.marks)],
  }, data, box);
  charts.set(box, plot);
}

function drawAll(root = document) {
  for (const [box, plot] of charts) {
    if (box.isConnected) continue;
    plot.destroy();
    charts.delete(box);
  }
  for (const box of root.querySelectorAll("[data-chart]")) if (!charts.has(box)) draw(box);
}

let resizing;
addEventListener("resize", () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => charts.forEach((plot, box) => plot.setSize({ width: Math.max(240, box.clientWidth), height: plot.height })), 80);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => [...charts.keys()].forEach(draw));
// Paper is light and narrow, and nobody can open anything on it.
addEventListener("beforeprint", () => {
  document.documentElement.classList.add("paper");
  for (const closed of document.querySelectorAll("details:not([open])")) {
    closed.dataset.paper = "";
    closed.open = true;
  }
  for (const box of [...charts.keys()]) draw(box);
  charts.forEach((plot, box) => plot.setSize({ width: Math.min(680, box.clientWidth), height: plot.height }));
});
addEventListener("afterprint", () => {
  document.documentElement.classList.remove("paper");
  for (const opened of document.querySelectorAll("details[data-paper]")) {
    opened.removeAttribute("data-paper");
    opened.open = false;
  }
  for (const box of [...charts.keys()]) draw(box);
});

// Live updates: one stream while the page is seen, and htmx fetches the parts that show what changed.
// A busy gateway has news all the time; a page is fetched at most once in five seconds, and the last news is never lost.
const pace = 5000;
const news = new Set();
let [told, telling] = [-Infinity, undefined];
function tell(name) {
  news.add(name);
  telling ??= setTimeout(() => {
    [told, telling] = [performance.now(), undefined];
    const names = [...news];
    news.clear();
    for (const each of names) document.body.dispatchEvent(new CustomEvent(`live:${each}`));
  }, Math.max(0, told + pace - performance.now()));
}

let stream;
const lamp = document.getElementById("live");
function say(state) {
  if (!lamp) return;
  lamp.hidden = false;
  lamp.dataset.live = state;
  const words = state === "on" ? "live" : "not live";
  if (lamp.textContent !== words) lamp.textContent = words;
}
function follow() {
  if (stream || document.hidden || !document.querySelector("[hx-trigger*='live:']")) return;
  stream = new EventSource("/live");
  stream.addEventListener("ready", () => {
    // What happened while nobody looked.
    if (stream.missed) for (const name of ["calls", "policy", "rollouts", "alerts", "reviews"]) tell(name);
    stream.missed = true;
    say("on");
  });
  for (const name of ["calls", "policy", "rollouts", "alerts", "reviews"]) {
    stream.addEventListener(name, () => tell(name));
  }
  stream.onerror = () => say("off");
}
function rest() {
  stream?.close();
  stream = undefined;
}
document.addEventListener("visibilitychange", () => document.hidden ? rest() : follow());
addEventListener("pagehide", rest);

// A part that is fetched again keeps what was open in it, how far its tables were scrolled, and the place of the keyboard.
const kept = new Map(); // id of a part -> what somebody has done in it
const focusable = "a[href], button, summary, [tabindex]";
function placeOf(element, part) {
  // What has an id is found again by it; else the same kind of thing, with the same words, at the same place among its like.
  if (!part.contains(element) || !element.matches(focusable)) return undefined;
  const like = [...part.querySelectorAll(focusable)].filter(other => other.tagName === element.tagName && other.textContent === element.textContent);
  return { tag: element.tagName, words: element.textContent, at: like.indexOf(element) };
}
function find(place, part) {
  const like = [...part.querySelectorAll(focusable)].filter(other => other.tagName === place.tag && other.textContent === place.words);
  return like[Math.min(place.at, like.length - 1)];
}
document.body.addEventListener("htmx:beforeSwap", event => {
  const part = event.detail.target;
  // Whoever was signed out meanwhile is sent the page for signing in: what they see stays.
  if (new URL(event.detail.xhr.responseURL, location).pathname !== location.pathname) {
    event.detail.shouldSwap = false;
    say("off");
    return;
  }
  if (!part.id) return;
  kept.set(part.id, {
    open: [...part.querySelectorAll("details[open][id]")].map(details => details.id),
    scrolled: [...part.querySelectorAll(".scroll")].map(box => [box.scrollLeft, box.scrollTop]),
    focus: placeOf(document.activeElement, part),
  });
});
document.body.addEventListener("htmx:afterSwap", () => {
  drawAll(); // At once: nobody should see the empty place of a chart.
  for (const [id, was] of kept) {
    const part = document.getElementById(id);
    kept.delete(id);
    if (!part) continue;
    for (const open of was.open) document.getElementById(open)?.setAttribute("open", "");
    part.querySelectorAll(".scroll").forEach((box, i) => { if (was.scrolled[i]) [box.scrollLeft, box.scrollTop] = was.scrolled[i]; });
    if (was.focus && (document.activeElement === document.body || !document.activeElement)) find(was.focus, part)?.focus({ preventScroll: true });
  }
});
const isTouched = field => field.matches("textarea, input:not([type=hidden], [type=checkbox], [type=radio])") && field.value !== field.defaultValue;
document.body.addEventListener("htmx:beforeRequest", event => {
  // Not under the hands of somebody who is typing or choosing in it, or has.
  const target = event.detail.target;
  const busy = target.contains(document.activeElement) && document.activeElement.matches("input, select, textarea");
  if (busy || [...target.querySelectorAll("input, textarea")].some(isTouched)) event.preventDefault();
});

// A second click sends nothing again.
document.addEventListener("submit", event => {
  const question = event.submitter?.dataset.confirm;
  if (question && !confirm(question)) event.preventDefault();
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(form => form.removeAttribute("data-sent")));

// Forms that only choose what is shown need no button where there is JavaScript.
document.addEventListener("change", event => {
  if (event.target.form?.hasAttribute("data-auto")) event.target.form.requestSubmit();
});

drawAll();
follow();
