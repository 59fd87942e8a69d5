// Voice: the class of a sound, in a file or live.

import {Bars} from '/page/drawing/bars.js';
import {Lines} from '/page/drawing/lines.js';
import {droppable, fileButton, icon as drawn, make, once} from '/page/elements.js';
import {microphone} from '/page/sound/microphone.js';
import {decoded} from '/page/sound/samples.js';
import {Clips, Listener} from './hearing.js';

export const title = 'Voice';
export const lead = 'What is heard, live or in a file.';
export const icon = drawn('M12 4a2.6 2.6 0 0 1 2.6 2.6v5a2.6 2.6 0 0 1-5.2 0v-5A2.6 2.6 0 0 1 12 4z', 'M6.5 11.5a5.5 5.5 0 0 0 11 0M12 17v3.5');

const STEPS = {float32: 'step'};
const SMALL_STEP = 'step_int8';
const SHOWN_SECONDS = 10;
// From here on in a window, an answer to a live sound counts.
const SETTLED_SECONDS = 0.5;

const stepOf = (form) => STEPS[form] ?? SMALL_STEP;

export async function mount(panel) {
  let clips = new Clips(await (await panel.model(panel.form)).warmUp('classify'));
  let last = null; // the sound that was chosen
  let end = null; // ends the microphone
  const bars = new Bars(clips.labels);
  const lines = new Lines(clips.labels, 'As it goes on');
  const answer = make('p', {class: 'answer', role: 'status'});
  const player = make('audio', {controls: true, 'aria-label': 'The sound that was chosen'});
  player.hidden = true;
  const seconds = (hops) => (hops * clips.hop) / clips.rate;
  // A label below every whole second.
  const ticks = (first, count) => Array.from({length: count}, (_, i) => {
    const [before, now] = [seconds(first + i), seconds(first + i + 1)].map(Math.floor);
    return now > before ? `${now} s` : '';
  });

  const told = (scores) => {
    const best = clips.labels[scores.indexOf(Math.max(...scores))];
    if (answer.textContent !== best) answer.textContent = best; // said once, not at every hop
    bars.draw(scores);
  };

  const classify = (file) => panel.attempt(async () => {
    await stop();
    const samples = await decoded(file, clips.rate);
    if (file !== last) offer(file);
    const begun = performance.now();
    const scores = await clips.scores(samples);
    panel.used(panel.form, performance.now() - begun);
    told(scores);
    await drawCourse(samples);
  });

  // Lets the visitor hear the sound himself.
  function offer(file) {
    last = file;
    URL.revokeObjectURL(player.src);
    player.src = URL.createObjectURL(file);
    player.hidden = false;
  }

  async function drawCourse(samples) {
    if (!(stepOf(panel.form) in panel.artefacts)) return;
    const listener = new Listener(await panel.model(stepOf(panel.form)), clips.window);
    const course = [];
    for (let at = 0; at < Math.min(samples.length, SHOWN_SECONDS * clips.rate); at += clips.hop) {
      const hop = new Float32Array(clips.hop);
      hop.set(samples.subarray(at, at + clips.hop));
      course.push(await listener.hear(hop));
    }
    lines.draw(course, ticks(0, course.length));
  }

  const listen = () => panel.attempt(async () => {
    if (end) return stop();
    const artefact = stepOf(panel.form);
    const listener = new Listener(await panel.model(artefact), clips.window);
    const most = Math.floor((SHOWN_SECONDS * clips.rate) / clips.hop);
    const course = [];
    let heard = 0;
    answer.textContent = '';
    last = null;
    player.hidden = true;
    const hear = async (hop) => {
      const begun = performance.now();
      const scores = await listener.hear(hop);
      if (!end) return;
      panel.used(artefact, performance.now() - begun);
      course.push(scores);
      if (course.length > most) course.shift();
      heard++;
      if (listener.heard >= SETTLED_SECONDS * clips.rate) told(scores);
      lines.draw(course, ticks(heard - course.length, course.length));
    };
    end = await microphone(clips.rate, clips.hop, (hop) => hear(hop).catch((error) => panel.problem(error)));
    button.textContent = 'Stop';
    button.setAttribute('aria-pressed', 'true');
  });

  async function stop() {
    const ending = end;
    end = null;
    await ending?.();
    button.textContent = 'Listen';
    button.setAttribute('aria-pressed', 'false');
  }

  const button = make('button', {type: 'button', class: 'primary record', 'aria-pressed': 'false', click: once(listen)}, 'Listen');
  panel.onForm(() => panel.attempt(async () => {
    await stop();
    clips = new Clips(await (await panel.model(panel.form)).warmUp('classify'));
    if (last) await classify(last);
  }));
  droppable(panel.body, classify);
  const examples = panel.examples.map((url) => {
    const name = url.split('/').at(-1);
    return make('button', {
      type: 'button',
      class: 'example',
      click: () => panel.attempt(async () => classify(new File([await (await fetch(url)).blob()], name))),
    }, name.replace(/\.wav$/, '').replace('-', ' '));
  });
  panel.body.append(
    make('div', {class: 'actions'}, ...(stepOf(panel.form) in panel.artefacts ? [button] : []), fileButton('Choose a sound', 'audio/*,.flac', classify)),
    make('div', {class: 'examples'}, ...examples),
    answer, bars.element, lines.element, player,
  );
}
