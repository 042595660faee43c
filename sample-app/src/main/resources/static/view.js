// Everything that is text: status, streams, alerts, dead letters. Only textContent, never HTML: users typed some of it.
import { element } from './charts.js';

const KEPT = 50;
const $ = (id) => document.getElementById(id);
const time = (at) => new Date(at).toLocaleTimeString('en', { hourCycle: 'h23' });
const exact = (value) => value.toLocaleString('en', { maximumFractionDigits: 1 });
const rows = new Map();
const banners = { page: '', broker: '' };
let last;

export function showBanner(topic, text) {
  banners[topic] = text || '';
  const shown = banners.page || banners.broker;
  $('banner').textContent = shown;
  $('banner').hidden = !shown;
}

export function showAlert({ data: { metric, value, limit, unit }, at }) {
  entry($('alerts'), element('strong', '', `${metric} ${exact(value)} ${unit ?? ''}`), at, `over its limit of ${exact(limit)} ${unit ?? ''}`);
}

export function showDeadLetter({ data: { listener, stream, partition, offset, reason, value }, at }) {
  entry($('letters'), element('strong', '', `${stream} / ${partition} at ${offset}`), at, `${listener}: ${reason}`, element('code', '', value));
}

export function showMessage(list, { offset, key, value, timestamp }) {
  entry(list, element('strong', '', `${offset}`), timestamp, key === null ? 'no key' : `key ${key}`, element('code', '', value));
}

function entry(list, head, at, text, ...more) {
  list.prepend(element('li', '', element('div', 'meta', head, element('span', '', time(at))), element('div', '', text), ...more));
  while (list.children.length > KEPT) {
    list.lastChild.remove();
  }
}

export function showStatus(status) {
  const { brokers, problem, streams } = status;
  const up = brokers.filter(({ state }) => state === 'UP');
  $('broker').textContent = problem || !up.length ? 'away' : up.map(({ address }) => address).join(', ');
  $('broker').className = `pill ${problem ? 'down' : 'up'}`;
  showBanner('broker', problem && `${problem} Listeners and publisher go on by themselves when a broker is back.`);
  if (problem) {
    $('rate').textContent = '–';
    last = undefined;
    return;
  }
  const counts = new Map();
  layOut(streams);
  for (const { name, partitions } of streams) {
    for (const partition of partitions) {
      const id = `${name}/${partition.partition}`;
      const count = partition.newestOffset + 1;
      counts.set(id, count);
      fill(rows.get(id), partition, rate(id, count, status.time));
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  $('total').textContent = total.toLocaleString('en');
  $('rate').textContent = rate('', total, status.time);
  counts.set('', total);
  last = { counts, time: status.time };
}

function rate(id, count, now) {
  const seconds = last && (Date.parse(now) - Date.parse(last.time)) / 1_000;
  return seconds && last.counts.has(id) ? Math.max(0, Math.round((count - last.counts.get(id)) / seconds)).toLocaleString('en') : '–';
}

/** Makes the table's rows anew only when there are other streams: a click must not lose its target. */
function layOut(streams) {
  const ids = streams.flatMap(({ name, partitions }) => partitions.map(({ partition }) => `${name}/${partition}`));
  if (ids.join() === [...rows.keys()].join()) {
    return;
  }
  rows.clear();
  for (const { name, partitions } of streams) {
    partitions.forEach(({ partition }, index) => rows.set(`${name}/${partition}`, row(name, partition, index ? 0 : partitions.length)));
  }
  $('streams').replaceChildren(...rows.values());
}

function row(stream, partition, span) {
  const button = element('button', '', `${partition}`);
  Object.assign(button.dataset, { stream, partition });
  button.setAttribute('aria-label', `Read partition ${partition} of ${stream}`);
  const cells = ['wide', 'number', 'number wide', 'behind'].map((className) => element('td', className));
  if (!span) {
    return element('tr', 'more', element('td', '', button), ...cells);
  }
  const name = Object.assign(element('th', '', stream), { scope: 'rowgroup', rowSpan: span });
  return element('tr', '', name, element('td', '', button), ...cells);
}

function fill(node, { leader, newestOffset, listeners }, perSecond) {
  const [who, newest, speed, behind] = [...node.cells].slice(-4);
  who.textContent = leader ?? 'none';
  newest.textContent = newestOffset < 0 ? 'empty' : newestOffset.toLocaleString('en');
  speed.textContent = perSecond;
  if ([...behind.children].map(({ dataset }) => dataset.listener).join() !== listeners.map(({ id }) => id).join()) {
    behind.replaceChildren(...listeners.map(chip));
  }
  listeners.forEach((listener, index) => fillChip(behind.children[index], listener));
}

/** Filled in again each second: a click must not lose its target. */
function chip({ id }) {
  const node = element('button', '', id, element('b'));
  node.dataset.listener = id;
  return node;
}

function fillChip(node, { id, state, lag, error }) {
  const paused = state === 'PAUSED';
  node.className = `chip ${error ? 'failed' : paused ? 'paused' : lag > 100 ? 'late' : ''}`;
  node.lastChild.textContent = lag;
  node.title = error ?? `${id} is ${lag} messages behind${paused ? ' and paused: click to resume' : ': click to pause'}`;
  node.dataset.action = paused ? 'resume' : 'pause';
}
