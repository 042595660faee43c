// Wires the parts of the page to the application's event stream.
import { Charts } from './charts.js';
import { connect } from './events.js';
import { setUpPublishing, offerStreams } from './publish.js';
import { showAlert, showBanner, showDeadLetter, showStatus } from './view.js';

const charts = new Charts(document.getElementById('charts'));

connect('/api/events', {
  snapshot({ readings, alerts, deadLetters }) {
    readings.forEach((reading) => charts.add(reading));
    document.getElementById('alerts').replaceChildren();
    document.getElementById('letters').replaceChildren();
    alerts.forEach(showAlert);
    deadLetters.forEach(showDeadLetter);
  },
  reading: (reading) => charts.add(reading),
  alert: showAlert,
  'dead-letter': showDeadLetter,
  status(status) {
    charts.setTime(status.time);
    showStatus(status);
    offerStreams(status.streams);
  },
}, (away) => showBanner('page', away && 'The application does not answer. Trying again.'));

setUpPublishing();
setInterval(() => charts.draw(), 250);

async function history() {
  try {
    charts.showHistory(await (await fetch('/api/history')).json());
  } catch {
    // The banner says already that the application is away.
  }
}
setInterval(history, 10_000);
setTimeout(history, 1_500);
