// One way to write a text, as common/text/normalization.py has it: read there what is done and why.

import {untilEnd} from './vocabulary.js';

const WHITE = /[\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/gu;

const INVISIBLE = new RegExp(
  `[${[
    '\\x01-\\x08\\x0e-\\x1b\\x7f-\\x84\\x86-\\x9f\\xad', // controls, soft hyphen
    '\\u034f\\u061c\\u180b-\\u180f', // joiner, marks, Mongolian selectors
    '\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f', // zero width, bidirectional
    '\\ufe00-\\ufe0f\\ufeff\\ufff9-\\ufffb', // selectors, byte order mark, annotation
    '\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}', // shorthand, music
    '\\u{e0001}\\u{e0020}-\\u{e007f}\\u{e0100}-\\u{e01ef}', // tags, selectors
  ].join('')}]`,
  'gu',
);

const VARIANTS = new Map([
  ...[..."\u2018\u2019\u201a\u201b"].map((one) => [one, "'"]),
  ...[..."\u201c\u201d\u201e\u201f"].map((one) => [one, '"']),
  ['\u2026', '...'],
  ['\u2010', '-'],
  ['\u2011', '-'],
  ['\u2581', '_'],
  ['\u21e7', '\u2191'],
]);
const HALF_CHARACTERS = /\p{Surrogate}/gu;

const [FIRST, END] = [0x80, 0x3100];

const length = (text) => [...text].length;
const composed = (text) => text.normalize('NFC');

// A character for which Unicode has another one.
const OTHERS = new Map();
// What a letter and a mark become.
const COMPOSITES = new Map();
for (let point = FIRST; point < END; point++) {
  const character = String.fromCodePoint(point);
  const whole = composed(character);
  if (whole !== character) {
    if (length(whole) === 1) OTHERS.set(character, whole);
    continue;
  }
  const parts = [...character.normalize('NFD')];
  parts.slice(1).forEach((mark, i) => {
    const rest = composed([...parts.slice(0, i + 1), ...parts.slice(i + 2)].join(''));
    if (length(rest) === 1 && composed(rest + mark) === character) COMPOSITES.set(rest + mark, character);
  });
}
const MARKS = new Set([...COMPOSITES.keys()].map((pair) => [...pair][1]));

// Returns the one way to write a text.
export function normalize(text) {
  const plain = untilEnd(text)
    .replace(WHITE, ' ')
    .replace(INVISIBLE, '')
    .replace(HALF_CHARACTERS, '\ufffd');
  const characters = [];
  for (const one of plain) characters.push(...(VARIANTS.get(one) ?? OTHERS.get(one) ?? one));
  return compose(characters).join('').split(' ').filter(Boolean).join(' ');
}

function compose(characters) {
  const found = [];
  for (const one of characters) {
    const letter = MARKS.has(one) && found.length ? COMPOSITES.get(found.at(-1) + one) : undefined;
    if (letter === undefined) found.push(one);
    else found[found.length - 1] = letter;
  }
  return found;
}
