// The scores of classes as they change, a line for each class.

import {make} from '../elements.js';

const HEIGHT = 150;
const [SIDE, TOP, BOTTOM] = [8, 8, 26];
// Until the page is laid out.
const FIRST_WIDTH = 480;

export class Lines {
  #labels;
  #drawing = make('svg:svg', {height: HEIGHT, class: 'lines', 'aria-hidden': 'true'});
  #shown = [[], []];

  // Args:
  //   labels: of the classes. Of two, one line says it all: that of the second.
  //   title: what is drawn.
  constructor(labels, title) {
    this.#labels = labels;
    const drawn = this.#drawnClasses();
    const legend = drawn.map((i) => make('span', {class: `key class-${i % 6}`}, labels[i]));
    this.element = make('figure', {class: 'chart'}, make('figcaption', {}, make('span', {}, title), ...legend), this.#drawing);
    new ResizeObserver(() => this.draw(...this.#shown)).observe(this.element);
    this.draw([], []);
  }

  #drawnClasses() {
    return this.#labels.length === 2 ? [1] : this.#labels.map((_, i) => i);
  }

  // Draws scores.
  //
  // Args:
  //   scores: of all classes, after each step.
  //   ticks: a label below each step; those that do not fit are left out.
  draw(scores, ticks) {
    this.#shown = [scores, ticks];
    this.element.hidden = !scores.length;
    const width = this.#drawing.clientWidth || FIRST_WIDTH;
    const x = (i) => SIDE + ((width - 2 * SIDE) * (scores.length > 1 ? i / (scores.length - 1) : 0.5));
    const y = (score) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - score);
    const rules = [0, 0.5, 1].map((score) =>
      make('svg:line', {x1: 0, x2: width, y1: y(score), y2: y(score), class: score === 0.5 ? 'rule middle' : 'rule'}));
    const lines = this.#drawnClasses().flatMap((k) => {
      const points = scores.map((some, i) => [x(i), y(some[k])]);
      const last = points.at(-1);
      return [
        make('svg:polyline', {points: points.map((point) => point.join()).join(' '), class: `line class-${k % 6}`}),
        ...(last ? [make('svg:circle', {cx: last[0], cy: last[1], r: 5, class: `end class-${k % 6}`})] : []),
      ];
    });
    this.#drawing.replaceChildren(...rules, ...lines, ...drawnTicks(ticks, x, width));
  }
}

function drawnTicks(ticks, x, width) {
  const drawn = [];
  let free = 0;
  ticks.forEach((label, i) => {
    const half = 4 * label.length + 4; // about as wide as it is drawn
    const centre = Math.min(width - half, Math.max(half, x(i)));
    if (!label || centre - half < free) return;
    free = centre + half;
    drawn.push(make('svg:text', {x: centre, y: HEIGHT - 6, 'text-anchor': 'middle'}, label));
  });
  return drawn;
}
