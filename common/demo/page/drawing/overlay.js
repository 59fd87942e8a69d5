// Where a network looked in a picture: the rest lies in the dark.

import {make} from '../elements.js';

const DARKEST = 0.82;

export class Overlay {
  #canvas = make('canvas', {class: 'veil', 'aria-hidden': 'true'});

  // Args:
  //   shown: the element with the picture, below.
  constructor(shown) {
    this.element = make('div', {class: 'overlaid'}, shown, this.#canvas);
  }

  // Draws the weights of the places, the picture's lines one after the other; null for nothing.
  draw(weights) {
    const side = weights ? Math.round(Math.sqrt(weights.length)) : 1;
    this.#canvas.width = this.#canvas.height = side;
    if (!weights) return;
    const context = this.#canvas.getContext('2d');
    const veil = context.createImageData(side, side);
    const most = Math.max(...weights);
    weights.forEach((weight, i) => {
      veil.data[4 * i + 3] = Math.round(255 * DARKEST * (1 - weight / most));
    });
    context.putImageData(veil, 0, 0);
  }
}
