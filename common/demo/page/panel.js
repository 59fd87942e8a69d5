// What all panels share: a frame with title and messages, the choice of a file, and what runs.
//
// A module panel.js of an application exports `title`, `lead`, `icon` (an element) and
// `mount(panel)`, which fills `panel.body`.

import {make, size} from './elements.js';
import {Model} from './runner.js';

const REFERENCE = 'float32';
// The smaller form of a file, the best first.
const SMALLER = ['int8', 'dynamic', 'float16'];

export class Panel {
  #models = new Map();
  #head = make('div', {class: 'head'});
  #message = make('p', {class: 'message', role: 'status'});
  #file = make('p', {class: 'file'});
  #forms;
  #changed;
  #command;
  #works = 0;

  // Args:
  //   given: of the server: app, module, artefacts, examples, command, data.
  constructor({app, module, artefacts, examples, command, data}) {
    this.app = app;
    this.module = module;
    this.artefacts = artefacts;
    this.examples = examples;
    this.#command = command;
    this.forms = [REFERENCE, SMALLER.find((one) => one in artefacts)].filter((one) => one in artefacts);
    this.form = this.forms[0];
    this.body = make('div', {class: 'body'});
    const made = data === 'builtin' ? make('p', {class: 'remark'}, 'Trained on made-up examples of this project alone.') : null;
    this.#forms = this.#choice();
    const foot = this.form ? make('footer', {}, this.#forms, this.#file, ...(made ? [made] : [])) : null;
    this.element = make(
      'section',
      {class: 'panel', id: app, 'aria-labelledby': `${app}-title`},
      this.#head, this.body, this.#message, foot,
    );
    if (this.form) this.used(this.form);
  }

  // Shows what the application is called and does.
  introduce(title, lead, icon) {
    this.#head.replaceChildren(icon, make('h2', {id: `${this.app}-title`}, title), make('p', {}, lead));
  }

  // Says how to get a model where there is none.
  missing() {
    this.body.append(make(
      'p', {class: 'empty'},
      'There is no model yet. ', make('code', {}, this.#command), ' trains one; load this page again afterwards.',
    ));
  }

  // Returns the model of an artefact, loaded once.
  model(artefact) {
    if (!this.#models.has(artefact)) {
      if (!(artefact in this.artefacts)) throw new Error(`The bundle has no ${artefact}.tflite`);
      const loading = Model.load(this.artefacts[artefact].url);
      loading.catch(() => this.#models.delete(artefact)); // so that it is tried again
      this.#models.set(artefact, loading);
    }
    return this.#models.get(artefact);
  }

  // Has a function called when another form of the file is chosen, which can be done from now on.
  onForm(changed) {
    this.#changed = changed;
    this.#forms.disabled = false;
  }

  // Shows which artefact has run, and how long.
  used(artefact, milliseconds = null) {
    const time = milliseconds === null ? '' : ` · ${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
    this.#file.replaceChildren(make('code', {}, `${artefact}.tflite`), ` ${size(this.artefacts[artefact].bytes)}${time}`);
  }

  // Shows a message; the empty one takes it away.
  say(text) {
    this.#message.textContent = text;
    this.#message.classList.remove('problem');
  }

  // Shows what went wrong.
  problem(error) {
    this.#message.textContent = error.message;
    this.#message.classList.add('problem');
  }

  // Does some work for the visitor; what goes wrong is shown.
  async attempt(work) {
    this.#busy(1);
    try {
      this.say('');
      return await work();
    } catch (error) {
      this.problem(error);
      return undefined;
    } finally {
      this.#busy(-1);
    }
  }

  #busy(change) {
    this.#works += change;
    this.element.setAttribute('aria-busy', String(this.#works > 0));
  }

  #choice() {
    const radios = this.forms.map((form) => make(
      'label', {},
      make('input', {
        type: 'radio',
        name: `${this.app}-form`,
        value: form,
        checked: form === this.form,
        change: () => {
          this.form = form;
          this.used(form);
          this.#changed(form);
        },
      }),
      make('span', {}, form),
    ));
    return make('fieldset', {class: 'forms', disabled: true}, make('legend', {class: 'hidden'}, 'Which file runs'), ...radios);
  }
}
