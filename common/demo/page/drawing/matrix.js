// Where a network looked in a sentence when it wrote another one: a table, the darker the more.

import {make, perCent} from '../elements.js';

// Joins pieces to words.
//
// Args:
//   looked: for each piece that was written the weights of the pieces that were read.
//   read, written: the number of the word that each piece belongs to; -1 of none.
//
// Returns:
//   For each word that was written the weights of the words that were read: the sum over the pieces
//   of a word that was read, the mean over those of one that was written.
export function ofWords(looked, read, written) {
  const [columns, rows] = [read, written].map((words) => Math.max(-1, ...words) + 1);
  const sums = Array.from({length: rows}, () => new Array(columns).fill(0));
  const counts = new Array(rows).fill(0);
  written.forEach((row, i) => {
    if (row < 0) return;
    counts[row]++;
    read.forEach((column, j) => {
      if (column >= 0) sums[row][column] += looked[i][j];
    });
  });
  return sums.map((row, i) => row.map((sum) => sum / Math.max(1, counts[i])));
}

// Returns the table.
//
// Args:
//   weights: as ofWords returns them.
//   read, written: the words.
export function matrix(weights, read, written) {
  const head = make('tr', {}, make('td'), ...read.map((word) => make('th', {scope: 'col'}, make('span', {}, word))));
  const rows = weights.map((row, i) =>
    make('tr', {}, make('th', {scope: 'row'}, written[i]), ...row.map((weight, j) => {
      const cell = make('td', {title: `${written[i]} ← ${read[j]}: ${perCent(weight)}`}, make('span', {class: 'hidden'}, perCent(weight)));
      cell.style.setProperty('--weight', weight.toFixed(3));
      return cell;
    })));
  const table = make('table', {class: 'matrix'}, make('thead', {}, head), make('tbody', {}, ...rows));
  // Wider than the panel it is moved sideways, by keys as well.
  return make('div', {class: 'scrolled', tabindex: '0', role: 'region', 'aria-label': 'Where each word comes from'}, table);
}
