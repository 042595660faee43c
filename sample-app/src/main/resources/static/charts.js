// Line charts of the readings of the last five minutes. Chart.js comes from its WebJar as the global `Chart`.
const WINDOW = 5 * 60_000;
const FIRST_WINDOW = 60_000;
const GAP = 3_000;
const COLORS = { teal: '#2dd4bf', sky: '#38bdf8', violet: '#a78bfa', amber: '#fbbf24' };

const CARDS = [
  { title: 'Processor', unit: '%', max: 100, series: { 'cpu.system': ['machine', 'teal'], 'cpu.process': ['this JVM', 'sky'] } },
  { title: 'Memory', unit: 'MiB', series: { 'memory.heap': ['heap', 'violet'], 'memory.committed': ['reserved', 'sky'], 'memory.nonheap': ['off heap', 'teal'] } },
  { title: 'Garbage collection', unit: '%', top: 1, series: { 'gc.overhead': ['of processor time', 'amber'] } },
  { title: 'Threads', unit: '', series: { 'threads.live': ['live', 'sky'], 'threads.daemon': ['daemon', 'violet'], 'threads.runnable': ['running', 'teal'] } },
];

export const number = (value) => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
const clock = (time) => new Date(time).toLocaleTimeString('en', {
  hour: '2-digit', minute: '2-digit', second: time % 60_000 ? '2-digit' : undefined, hourCycle: 'h23',
});

export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...children);
  return node;
}

export class Charts {
  constructor(parent) {
    this.skew = 0;
    this.series = new Map();
    this.cards = CARDS.map((card) => new Card(parent, card, this.series));
  }

  /** Adds a reading, unless it is one the page has drawn already. */
  add({ data: { metric, value }, at }) {
    const points = this.series.get(metric)?.points;
    const time = Date.parse(at);
    if (points && !(time <= points.at(-1)?.x)) {
      points.push({ x: time, y: value });
    }
  }

  /** Takes over the application's clock: the axis moves on even while no readings arrive. */
  setTime(time) {
    this.skew = Date.parse(time) - Date.now();
  }

  draw() {
    const now = Date.now() + this.skew;
    let first = now - FIRST_WINDOW;
    for (const { points } of this.series.values()) {
      const fresh = points.findIndex((point) => point.x >= now - WINDOW);
      points.splice(0, fresh < 0 ? points.length : fresh);
      first = Math.min(first, points[0]?.x ?? first);
    }
    if (!document.hidden) {
      this.cards.forEach((card) => card.draw(first, now));
    }
  }

  showHistory(rows) {
    const byMetric = new Map(rows.map((row) => [row.metric, row]));
    for (const [metric, { label, hour }] of this.series) {
      const row = byMetric.get(metric);
      hour.title = row ? `${label} in the last hour, ${row.count} readings` : '';
      hour.textContent = row ? ` 1 h: ${number(row.min)}–${number(row.max)}` : '';
    }
  }
}

class Card {
  constructor(parent, { title, unit, max, top, series }, all) {
    this.title = title;
    this.unit = unit;
    this.now = element('span', 'now');
    this.canvas = element('canvas', '');
    this.canvas.setAttribute('role', 'img');
    const legend = element('div', 'legend');
    const datasets = Object.entries(series).map(([metric, [label, color]], index) => {
      const entry = { label, points: [], value: element('b', ''), hour: element('span', '') };
      legend.append(element('span', '', element('i', `swatch ${color}`), `${label} `, entry.value, entry.hour));
      all.set(metric, entry);
      return dataset(entry.points, COLORS[color], index === 0);
    });
    this.entries = Object.keys(series).map((metric) => all.get(metric));
    parent.append(element('article', 'card', element('div', 'head', element('h2', '', title), this.now),
      element('div', 'plot', this.canvas), legend));
    this.chart = new Chart(this.canvas, { type: 'line', data: { datasets }, options: options(max, top) });
  }

  draw(first, now) {
    const scale = this.chart.options.scales.x;
    scale.min = first;
    scale.max = now;
    this.chart.update('none');
    const values = this.entries.map(({ label, points, value }) => {
      const text = points.length ? number(points.at(-1).y) : '–';
      value.textContent = text;
      return `${label} ${text} ${this.unit}`;
    });
    this.now.replaceChildren(this.entries[0].value.textContent, element('small', '', this.unit));
    this.canvas.setAttribute('aria-label', `${this.title}: ${values.join(', ')}`);
  }
}

function dataset(points, color, filled) {
  return {
    data: points,
    borderColor: color,
    borderWidth: 1.5,
    pointRadius: 0,
    spanGaps: GAP,
    fill: filled && 'origin',
    backgroundColor({ chart: { ctx, chartArea } }) {
      if (!chartArea) {
        return color + '20';
      }
      const gradient = ctx.createLinearGradient(0, chartArea.top, 0, chartArea.bottom);
      gradient.addColorStop(0, color + '55');
      gradient.addColorStop(1, color + '00');
      return gradient;
    },
  };
}

function options(max, top) {
  const ticks = { color: '#93a1b8', font: { size: 11 } };
  return {
    animation: false,
    parsing: false,
    normalized: true,
    maintainAspectRatio: false,
    events: [],
    plugins: { legend: { display: false }, tooltip: { enabled: false } },
    scales: {
      x: {
        type: 'linear',
        border: { display: false },
        grid: { color: '#1a2539' },
        afterBuildTicks: (axis) => { axis.ticks = times(axis.min, axis.max); },
        ticks: { ...ticks, autoSkip: false, maxRotation: 0, callback: clock },
      },
      y: {
        min: 0,
        max,
        suggestedMax: top,
        border: { display: false },
        grid: { color: '#1a2539' },
        afterFit: (axis) => { axis.width = 40; },
        ticks: { ...ticks, maxTicksLimit: 5, precision: max || !top ? 0 : undefined },
      },
    },
  };
}

function times(from, to) {
  const step = to - from > 2 * FIRST_WINDOW ? 60_000 : 15_000;
  const values = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) {
    values.push({ value: time });
  }
  return values;
}
