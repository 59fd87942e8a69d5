// A bar for the score of each class.

import {make, perCent} from '../elements.js';

export class Bars {
  #rows;

  // Args:
  //   labels: of the classes.
  constructor(labels) {
    this.#rows = labels.map((label, i) => {
      const filled = make('span', {class: `filled class-${i % 6}`});
      const value = make('span', {class: 'value'});
      const row = make('li', {}, make('span', {class: 'label'}, label), make('span', {class: 'bar', 'aria-hidden': 'true'}, filled), value);
      return {row, filled, value};
    });
    this.element = make('ul', {class: 'bars', 'aria-label': 'Score of each class'}, ...this.#rows.map(({row}) => row));
    this.draw(null);
  }

  // Shows scores from 0 to 1; null for none.
  draw(scores) {
    this.#rows.forEach(({filled, value}, i) => {
      filled.style.width = scores ? `${100 * scores[i]}%` : '0';
      value.textContent = scores ? perCent(scores[i]) : '–';
    });
  }
}
