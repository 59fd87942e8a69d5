// The page: a panel for each application that the server knows, and the copy for use offline.

import {make} from './elements.js';
import {Panel} from './panel.js';

const state = document.getElementById('state');
const main = document.getElementById('panels');

// Shows a panel; what goes wrong in one leaves the others alone.
function show(panel) {
  return panel.attempt(async () => {
    const application = await import(panel.module);
    panel.introduce(application.title, application.lead, application.icon);
    if (panel.form) await application.mount(panel);
    else panel.missing();
  });
}

// Has everything kept for use without a network: the page, what it has loaded, and all models.
async function keep(files) {
  if (!navigator.serviceWorker) return 'Runs on this device';
  await navigator.serviceWorker.register('/page/worker.js', {scope: '/'});
  const {active} = await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType('resource').map(({name}) => new URL(name));
  const own = loaded.filter(({origin}) => origin === location.origin).map(({pathname}) => pathname);
  const {port1, port2} = new MessageChannel();
  const kept = new Promise((resolve) => (port1.onmessage = ({data}) => resolve(data)));
  active.postMessage([...new Set([...files, ...own])], [port2]);
  return (await kept) ? 'Ready, also without a network' : 'Ready';
}

try {
  const site = await (await fetch('/site.json')).json();
  if (!site.panels.length) throw new Error('no application has a panel');
  const panels = site.panels.map((given) => new Panel(given));
  const half = Math.ceil(panels.length / 2);
  for (const column of [panels.slice(0, half), panels.slice(half)]) {
    main.append(make('div', {class: 'column'}, ...column.map(({element}) => element)));
  }
  await Promise.all(panels.map(show));
  state.textContent = 'Ready';
  state.textContent = await keep(site.files).catch(() => 'Ready');
} catch (error) {
  state.textContent = `The page cannot be shown: ${error.message}.`;
  state.classList.add('problem');
}
