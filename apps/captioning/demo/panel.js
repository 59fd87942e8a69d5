// Captioning: a sentence for a photograph, and where each word was seen.

import {Overlay} from '/page/drawing/overlay.js';
import {droppable, fileButton, icon as drawn, make, perCent} from '/page/elements.js';
import {asked, attention} from '/page/generation.js';
import {decoded, pixelsOf} from '/page/image/pixels.js';
import {PieceVocabulary} from '/page/text/pieces.js';
import {camera} from './camera.js';

export const title = 'Captioning';
export const lead = 'A picture becomes a sentence.';
export const icon = drawn('M4 5h16v14H4z', 'M4 16l4.5-4.5 4 4 3-3L20 17', 'M15.5 9v.2');

const WORD_MS = 450;
// A side of the picture on the page, in pixels.
const MOST_SHOWN = 1024;

// One form of the network, ready to look.
class Captioner {
  constructor(model) {
    this.model = model;
    this.vocabulary = new PieceVocabulary(model.lines('vocab.txt'));
    this.size = model.inputs('caption').image.shape[1];
  }

  // Returns {ids, score} for pixels.
  caption(image) {
    return asked(this.model, 'caption', {image});
  }

  // Returns [word, weights of the places] for each word of a caption; null where the file does not
  // say where it looked.
  async words(image, ids) {
    const looked = await attention(this.model, {image}, ids);
    if (!looked) return null;
    const index = this.vocabulary.wordIndex(ids);
    const found = [];
    for (let word = 0; word <= Math.max(-1, ...index); word++) {
      const own = ids.map((_, i) => i).filter((i) => index[i] === word);
      const text = this.vocabulary.decode(own.map((i) => ids[i]));
      if (text) found.push([text, mean(own.map((i) => looked[i]))]);
    }
    return found;
  }
}

const mean = (rows) => rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length);

// Loads a form of the network.
export async function captioner(panel, form) {
  return new Captioner(await (await panel.model(form)).warmUp('caption'));
}

export async function mount(panel) {
  let current = await captioner(panel, panel.form);
  let image = null; // the pixels that the network sees
  let overlay = null;
  const place = make('div', {class: 'picture'}, make('p', {class: 'empty'}, 'Drop a picture here'));
  const answer = make('p', {class: 'answer sentence', role: 'status'});
  const score = make('p', {class: 'score'});
  let playing = 0;

  const look = () => panel.attempt(async () => {
    clearInterval(playing);
    const begun = performance.now();
    const {ids, score: sure} = await current.caption(image);
    panel.used(panel.form, performance.now() - begun);
    const text = current.vocabulary.decode(ids);
    const seen = await current.words(image, ids);
    overlay.draw(null);
    if (seen) tell(seen);
    else answer.textContent = text;
    score.textContent = `score ${perCent(sure)} · ${
      seen ? 'choose a word to see where it was seen' : `${panel.form}.tflite does not tell where it looked`}`;
  });

  const show = (picture) => {
    const {width, height} = picture;
    image = pixelsOf(picture, width, height, current.size);
    const scale = Math.min(1, MOST_SHOWN / Math.max(width, height));
    const [shownWidth, shownHeight] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
    const shown = make('canvas', {width: shownWidth, height: shownHeight, role: 'img', 'aria-label': 'Your picture'});
    shown.getContext('2d').drawImage(picture, 0, 0, shownWidth, shownHeight);
    picture.close?.(); // a photograph takes much memory
    overlay = new Overlay(shown);
    place.replaceChildren(overlay.element);
    return look();
  };

  // Shows a caption, each word a button that shows where it was seen.
  function tell(seen) {
    const choose = (chosen) => {
      [...answer.children].forEach((button, i) => button.setAttribute('aria-pressed', String(i === chosen)));
      overlay.draw(chosen < 0 ? null : seen[chosen][1]);
    };
    const buttons = seen.map(([word], i) => make('button', {
      type: 'button',
      class: 'word',
      'aria-pressed': 'false',
      click: ({currentTarget}) => {
        clearInterval(playing);
        choose(currentTarget.getAttribute('aria-pressed') === 'true' ? -1 : i);
      },
    }, word));
    answer.replaceChildren(...buttons.flatMap((button) => [' ', button]).slice(1));
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    let next = 0;
    playing = setInterval(() => {
      choose(next < seen.length ? next : -1);
      if (next++ >= seen.length) clearInterval(playing);
    }, WORD_MS);
  }

  const given = (file) => panel.attempt(async () => show(await decoded(file)));
  const taken = camera(panel, place, (picture) => show(picture));
  panel.onForm(() => panel.attempt(async () => {
    current = await captioner(panel, panel.form);
    if (image) await look();
  }));
  droppable(panel.body, given);
  const examples = panel.examples.map((url, i) => make('button', {
    type: 'button',
    class: 'thumbnail',
    click: () => panel.attempt(async () => given(await (await fetch(url)).blob())),
  }, make('img', {src: url, alt: `Example ${i + 1}`, width: '56', height: '56'})));
  panel.body.append(
    place,
    make('div', {class: 'actions'}, fileButton('Choose a picture', 'image/*', given), taken),
    make('div', {class: 'examples'}, ...examples),
    answer, score,
  );
}
