// Sentiment: the scores of a text as it is typed.

import {Bars} from '/page/drawing/bars.js';
import {Lines} from '/page/drawing/lines.js';
import {icon as drawn, make, oneByOne, perCent} from '/page/elements.js';
import {delimitersOf} from '/page/packed.js';
import {UNKNOWN, Vocabulary} from '/page/text/vocabulary.js';

export const title = 'Sentiment';
export const lead = 'How a text is meant, word by word.';
export const icon = drawn('M4 5h16v11H11l-5 4v-4H4z', 'M9 9v.5M15 9v.5M9 12.2q3 2 6 0');

const EXAMPLES = [
  'I expected to hate it. I was wrong.',
  'This is not good at all.',
  'The room was clean at first but dirty in the end.',
];
// The line is drawn by the network one word at a time.
const STEPS = {float32: 'step'};
const SMALL_STEP = 'step_int8';
// A screen reader hears an answer when the typing has paused.
const PAUSE_MS = 700;

// One form of the network, ready to read.
class Reader {
  constructor(model, step) {
    this.model = model;
    this.step = step;
    this.labels = model.lines('labels.txt');
    this.vocabulary = new Vocabulary(model.lines('vocab.txt'), delimitersOf(model.bytes));
    this.most = model.inputs('classify').ids.size;
  }

  // Returns the scores of some ids.
  async scores(ids) {
    const padded = new Int32Array(this.most);
    padded.set(ids.slice(0, this.most));
    return (await this.model.run('classify', {ids: padded})).scores;
  }

  // Returns the scores after each of some ids; none where there is no one-step file.
  async course(ids) {
    if (!this.step) return [];
    let states = this.step.states('step');
    const course = [];
    for (const id of ids.slice(0, this.most)) {
      const {scores, ...next} = await this.step.run('step', {id: [id], ...states});
      course.push(scores);
      states = next;
    }
    return course;
  }

  // Returns what a reader must know of an answer.
  remarks(ids) {
    const read = ids.slice(0, this.most);
    const said = [];
    if (ids.length > read.length) said.push(`The first ${read.length} of ${ids.length} words were read.`);
    if (read.length && read.every((id) => id === UNKNOWN)) said.push('No word of it is known, so the score means nothing.');
    return said;
  }
}

// Loads a form of the network.
export async function reader(panel, form) {
  const wanted = STEPS[form] ?? SMALL_STEP;
  const step = wanted in panel.artefacts ? panel.model(wanted) : null;
  return new Reader(await (await panel.model(form)).warmUp('classify'), await step);
}

export async function mount(panel) {
  let current = await reader(panel, panel.form);
  const bars = new Bars(current.labels);
  const lines = new Lines(current.labels, 'After each word');
  const answer = make('p', {class: 'answer'});
  const spoken = make('p', {class: 'hidden', role: 'status'});
  const text = make('textarea', {id: 'sentiment-text', rows: '3', spellcheck: 'false', placeholder: 'It was not bad at all.'});
  let pause;

  const read = oneByOne(() => panel.attempt(async () => {
    const ids = current.vocabulary.encode(text.value);
    clearTimeout(pause);
    if (!ids.length) {
      answer.textContent = '';
      bars.draw(null);
      lines.draw([], []);
      return;
    }
    const begun = performance.now();
    const scores = await current.scores(ids);
    panel.used(panel.form, performance.now() - begun);
    const best = scores.indexOf(Math.max(...scores));
    answer.textContent = current.labels[best];
    bars.draw(scores);
    lines.draw(await current.course(ids), current.vocabulary.tokens(text.value));
    panel.say(current.remarks(ids).join(' '));
    pause = setTimeout(() => (spoken.textContent = `${current.labels[best]}, ${perCent(scores[best])}`), PAUSE_MS);
  }));

  text.addEventListener('input', () => read());
  panel.onForm(() => panel.attempt(async () => {
    current = await reader(panel, panel.form);
    await read();
  }));
  const examples = EXAMPLES.map((example) => make('button', {
    type: 'button',
    class: 'example',
    click: () => {
      text.value = example;
      read();
    },
  }, example));
  panel.body.append(
    make('label', {for: 'sentiment-text'}, 'Your text'), text,
    make('div', {class: 'examples'}, ...examples),
    answer, spoken, bars.element, ...(current.step ? [lines.element] : []),
  );
}
