// Translation: a Spanish text in English, and where each word comes from.

import {matrix, ofWords} from '/page/drawing/matrix.js';
import {icon as drawn, make, oneByOne, perCent} from '/page/elements.js';
import {asked, attention} from '/page/generation.js';
import {PieceVocabulary} from '/page/text/pieces.js';
import {untilEnd} from '/page/text/vocabulary.js';
import {parts} from './parts.js';

export const title = 'Translation';
export const lead = 'A Spanish text becomes an English one.';
export const icon = drawn('M4 6h9M8.5 4v2M11 6c-.6 3.2-3 5.8-6 7M6.5 8.5c1 2 2.8 3.6 5 4.5', 'M12 20l4-9 4 9M13.4 17h5.2');

const EXAMPLES = [
  'Carmen lo estaba arreglando deprisa en casa.',
  'El sillón está sucio. Sofía lo va a limpiar el jueves.',
  '¿Dónde verá Luis una serie?',
];

// One form of the network, ready to read.
class Translator {
  constructor(model) {
    this.model = model;
    this.source = new PieceVocabulary(model.lines('vocab_source.txt'));
    this.target = new PieceVocabulary(model.lines('vocab_target.txt'));
    this.most = model.inputs('translate').ids.size;
  }

  // Translates a text, part by part if it is too long for one call.
  //
  // Returns:
  //   {text, score, parts}, each part {read, written, given}: ids of both sides and the padded ones.
  async translate(text) {
    const found = [];
    for (const part of parts(text, this.source, this.most)) {
      const read = this.source.encode(part);
      if (!read.length) continue;
      const given = new Int32Array(this.most);
      given.set(read);
      const {ids, score} = await asked(this.model, 'translate', {ids: given});
      found.push({read, written: ids, given, score});
    }
    return {
      text: found.map(({written}) => this.target.decode(written)).filter(Boolean).join(' '),
      score: joined(found),
      parts: found,
    };
  }

  // Returns a table of where the words of a part come from; null where the file does not say.
  async alignment({read, written, given}) {
    const looked = await attention(this.model, {ids: given}, written);
    if (!looked?.length) return null;
    const [source, target] = [this.source.wordIndex(read), this.target.wordIndex(written)];
    const weights = ofWords(looked, source, target);
    return matrix(weights, words(this.source, read, source), words(this.target, written, target));
  }
}

// Returns the score of an answer in parts: the mean over all its tokens, END among them.
function joined(found) {
  let [total, count] = [0, 0];
  for (const {read, written, score} of found) {
    const tokens = Math.min(written.length + 1, read.length + Math.floor(read.length / 2) + 10);
    total += tokens * Math.log(score);
    count += tokens;
  }
  return count ? Math.exp(total / count) : 1;
}

// Returns the words that some pieces make.
function words(vocabulary, ids, index) {
  const own = Array.from({length: Math.max(-1, ...index) + 1}, () => []);
  ids.forEach((id, i) => index[i] >= 0 && own[index[i]].push(id));
  return own.map((pieces) => vocabulary.decode(pieces));
}

// Loads a form of the network.
export async function translator(panel, form) {
  return new Translator(await panel.model(form));
}

export async function mount(panel) {
  let current = await translator(panel, panel.form);
  const answer = make('p', {class: 'answer sentence', role: 'status', lang: 'en'});
  const score = make('p', {class: 'score'});
  const pictures = make('div', {class: 'alignments'});
  const text = make('textarea', {id: 'translation-text', rows: '3', lang: 'es', spellcheck: 'false'});

  const translate = oneByOne(() => panel.attempt(async () => {
    const begun = performance.now();
    const found = await current.translate(text.value);
    panel.used(panel.form, performance.now() - begun);
    answer.textContent = found.text;
    score.textContent = found.parts.length ? `score ${perCent(found.score)}` : '';
    const tables = [];
    for (const part of found.parts) tables.push(await current.alignment(part));
    pictures.replaceChildren(...tables.filter(Boolean));
    const unknown = current.source.unknownWords(untilEnd(text.value));
    if (unknown.length) panel.say(`Not known, and perhaps lost: ${unknown.join(', ')}.`);
  }));

  panel.onForm(() => panel.attempt(async () => {
    current = await translator(panel, panel.form);
    if (text.value) await translate();
  }));
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      translate();
    }
  });
  const examples = EXAMPLES.map((example) => make('button', {
    type: 'button',
    class: 'example',
    lang: 'es',
    click: () => {
      text.value = example;
      translate();
    },
  }, example));
  panel.body.append(
    make('label', {for: 'translation-text'}, 'Your Spanish text'), text,
    make('div', {class: 'actions'}, make('button', {type: 'button', class: 'primary', click: () => translate()}, 'Translate')),
    make('div', {class: 'examples'}, ...examples),
    answer, score, pictures,
  );
}
