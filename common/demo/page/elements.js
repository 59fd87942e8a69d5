// Elements of the page, made in one call each.

// Returns an element.
//
// Args:
//   name: of the element; "svg:path" and the like are SVG.
//   given: attributes; functions are listeners, and null, undefined and false leave one out.
//   children: texts and elements.
export function make(name, given = {}, ...children) {
  const drawn = name.startsWith('svg:');
  const element = drawn
    ? document.createElementNS('http://www.w3.org/2000/svg', name.slice(4))
    : document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (typeof value === 'function') element.addEventListener(key, value);
    else if (value === true) element.setAttribute(key, '');
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

// Returns an icon of 24 x 24, a line drawn along some paths.
export function icon(...paths) {
  return make(
    'svg:svg',
    {viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true'},
    ...paths.map((d) => make('svg:path', {d})),
  );
}

// Returns a button that chooses a file; it looks and is used like any other button.
//
// Args:
//   text: of the button.
//   accept: kinds of files.
//   chosen: called with the file.
export function fileButton(text, accept, chosen) {
  const input = make('input', {
    type: 'file',
    accept,
    class: 'hidden',
    change: () => {
      const [file] = input.files;
      input.value = ''; // so that the same file can be chosen again
      if (file) chosen(file);
    },
  });
  return make('label', {class: 'button'}, input, text);
}

// Lets a file be dropped on an element.
export function droppable(element, chosen) {
  const marked = (on) => element.classList.toggle('dropping', on);
  element.addEventListener('dragover', (event) => {
    event.preventDefault();
    marked(true);
  });
  element.addEventListener('dragleave', (event) => {
    if (!element.contains(event.relatedTarget)) marked(false);
  });
  element.addEventListener('drop', (event) => {
    event.preventDefault();
    marked(false);
    const [file] = event.dataTransfer.files;
    if (file) chosen(file);
  });
}

// Returns a function that does some work, never twice at a time: what is asked for meanwhile is done
// afterwards, the last of it.
//
// Args:
//   work: an asynchronous function.
export function oneByOne(work) {
  let running = false;
  let waiting = null;
  return async (...given) => {
    waiting = given;
    if (running) return;
    running = true;
    try {
      while (waiting) {
        const next = waiting;
        waiting = null;
        await work(...next);
      }
    } finally {
      running = false;
    }
  };
}

// Returns a function that does some work, and nothing while that goes on.
//
// Args:
//   work: an asynchronous function.
export function once(work) {
  let running = false;
  return async (...given) => {
    if (running) return;
    running = true;
    try {
      await work(...given);
    } finally {
      running = false;
    }
  };
}

const PER_CENT = new Intl.NumberFormat('en', {style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1});

// Returns a share from 0 to 1 as people read it.
export const perCent = (share) => PER_CENT.format(share);

// Returns a number of bytes as people read it.
export const size = (bytes) => (bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
