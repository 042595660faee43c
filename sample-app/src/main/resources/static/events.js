// A server-sent event stream that is opened again whenever it breaks or falls silent.
const SILENCE = 6_000;
const PAUSE = 1_500;

/**
 * @param url where the events are
 * @param handlers by event name, called with the parsed data
 * @param onAway called with true when the stream is lost and false when it is back
 */
export function connect(url, handlers, onAway) {
  let source;
  let watchdog;

  const heard = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(reopen, SILENCE);
  };
  const reopen = () => {
    source.close();
    clearTimeout(watchdog);
    onAway(true);
    setTimeout(open, PAUSE);
  };
  const open = () => {
    source = new EventSource(url);
    source.onopen = () => onAway(false);
    source.onerror = reopen;
    for (const [name, handler] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => {
        heard();
        handler(JSON.parse(event.data));
      });
    }
    heard();
  };
  open();
}
