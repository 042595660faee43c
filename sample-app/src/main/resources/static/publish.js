// What the user does: publish, read messages back, let listeners wait.
import { element } from './charts.js';
import { showMessage } from './view.js';

const form = document.getElementById('publish');
const result = document.getElementById('result');
const dialog = document.getElementById('messages');
const reading = (value) => JSON.stringify({ metric: 'cpu.system', value, unit: '%' });
// A metric of its own: on a busy machine the processor may be over its limit already.
const alarming = JSON.stringify({ metric: 'demo.pressure', value: 80, unit: 'bar' });
const presets = {
  reading: () => ({ key: 'cpu.system', value: reading(50) }),
  alert: () => ({ key: 'demo.pressure', value: alarming }),
  poison: () => ({ key: 'cpu.system', value: 'this is not a reading' }),
};
let partitions = new Map();

/** Keeps the choices equal to the streams there are, without disturbing what the user chose. */
export function offerStreams(streams) {
  const known = new Map(streams.map((stream) => [stream.name, stream.partitions.length]));
  if (streams.length && JSON.stringify([...known]) !== JSON.stringify([...partitions])) {
    partitions = known;
    offer(form.stream, [...known.keys()].map((name) => [name, name]), form.stream.value || 'readings');
    offerPartitions();
  }
}

function offerPartitions() {
  const count = partitions.get(form.stream.value) ?? 0;
  offer(form.partition, [['', 'by key'], ...Array.from({ length: count }, (_, id) => [`${id}`, `${id}`])], form.partition.value);
}

function offer(select, choices, chosen) {
  select.replaceChildren(...choices.map(([value, text]) => Object.assign(element('option', '', text), { value })));
  select.value = choices.some(([value]) => value === chosen) ? chosen : choices[0]?.[0];
}

function show(text, failed) {
  result.textContent = text;
  result.className = failed ? 'failed' : '';
}

/** Answers the body of a request, or fails with the text of its problem detail. */
async function request(url, init) {
  const response = await fetch(url, init).catch(() => { throw new Error('The application does not answer.'); });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(`${response.status}: ${body.detail ?? body.title ?? response.statusText}`);
  }
  return body;
}

async function publish(event) {
  event.preventDefault();
  const query = new URLSearchParams();
  for (const name of ['key', 'partition']) {
    if (form[name].value) {
      query.set(name, form[name].value);
    }
  }
  show('…');
  try {
    const url = `/api/streams/${encodeURIComponent(form.stream.value)}/messages?${query}`;
    const { stream, partition, offset } = await request(url, { method: 'POST', body: form.value.value });
    show(`${stream} / ${partition} at offset ${offset}`);
  } catch (problem) {
    show(problem.message, true);
  }
}

async function read({ stream, partition }) {
  const list = dialog.querySelector('.feed');
  dialog.querySelector('h2').textContent = `${stream} / ${partition}, newest first`;
  list.replaceChildren();
  dialog.showModal();
  try {
    const messages = await request(`/api/streams/${encodeURIComponent(stream)}/messages?partition=${partition}&limit=20`);
    messages.forEach((message) => showMessage(list, message));
    if (!messages.length) {
      list.append(element('li', '', 'The partition is empty.'));
    }
  } catch (problem) {
    list.append(element('li', '', problem.message));
  }
}

export function setUpPublishing() {
  form.addEventListener('submit', publish);
  form.stream.addEventListener('change', offerPartitions);
  form.querySelector('.presets').addEventListener('click', ({ target }) => {
    const preset = presets[target.dataset.preset]?.();
    if (preset) {
      form.key.value = preset.key;
      form.value.value = preset.value;
      if (partitions.has('readings')) {
        form.stream.value = 'readings';
        offerPartitions();
      }
    }
  });
  document.getElementById('streams').addEventListener('click', ({ target }) => {
    const { stream, listener, action } = target.closest('button')?.dataset ?? {};
    if (stream) {
      read(target.dataset);
    } else if (listener) {
      // The next status shows it; whether the application is away is told by the banner.
      request(`/api/listeners/${encodeURIComponent(listener)}/${action}`, { method: 'POST' }).catch(() => {});
    }
  });
  form.value.value = reading(50);
  form.key.value = 'cpu.system';
}
