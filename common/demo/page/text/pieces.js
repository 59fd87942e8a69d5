// Pieces of words and their ids, as common/text/pieces.py and pre_tokens.py have them.

import {normalize} from './normalization.js';

export const [PAD, UNKNOWN, START, END] = [0, 1, 2, 3];

const SPACE = '▁';
const CAPITAL = '⇧';
const WHOLE_WORDS = '<WORDS>';
const SHOWN_UNKNOWN = '⁇';

const TOKEN = /(?<=[\p{L}\p{M}])'[\p{L}\p{M}]+|[\p{L}\p{M}]+|./gsu;
const UPPER = /^\p{Lu}$/u;
const BECOMES_CAPITAL = /(?<=⇧)([▁']?)([^⇧▁'])/gu;

const only = (text) => [...text].length === 1;

// Returns the small letter of a capital that has one, of which it is the capital.
function smallOf(letter) {
  if (!UPPER.test(letter)) return undefined;
  const small = letter.toLowerCase();
  return only(small) && small !== letter && small.toUpperCase() === letter ? small : undefined;
}

function capitalOf(letter) {
  const capital = letter.toUpperCase();
  return only(capital) && smallOf(capital) === letter ? capital : letter;
}

function marked(space, token) {
  const apostrophe = token.startsWith("'") ? "'" : '';
  const [first, ...rest] = token.slice(apostrophe.length);
  const small = first === undefined ? undefined : smallOf(first);
  if (small === undefined || rest.some((letter) => smallOf(letter) !== undefined)) return space + token;
  return CAPITAL + space + apostrophe + small + rest.join('');
}

// Splits what stands between two spaces; the first pre-token has the sign for the space.
function preTokens(word) {
  return (word.match(TOKEN) ?? []).map((token, i) => marked(i ? '' : SPACE, token));
}

const capitalize = (text) =>
  text.replace(BECOMES_CAPITAL, (_, between, letter) => between + capitalOf(letter));

const readable = (text) =>
  capitalize(text).replaceAll(CAPITAL, '').replaceAll(SPACE, ' ').split(/\s+/u).filter(Boolean).join(' ');

export class PieceVocabulary {
  #ids;
  #longest;
  #remembered = new Map();

  // Args:
  //   pieces: the lines of a packed vocabulary; the id of a piece is its line.
  constructor(pieces) {
    this.pieces = pieces;
    this.whole = pieces[END + 1] === WHOLE_WORDS;
    const first = END + 1 + (this.whole ? 1 : 0);
    this.#ids = new Map(pieces.map((piece, i) => [piece, i]).slice(first));
    this.#longest = Math.max(...[...this.#ids.keys()].map((piece) => [...piece].length));
  }

  // Returns the ids of a text's pieces.
  encode(text) {
    return normalize(text).split(' ').filter(Boolean).flatMap((word) => this.#encodeWord(word));
  }

  // Returns [piece as it is shown, ids' word] for pictures: the pieces of a text with their ids.
  shown(ids) {
    return ids.map((id) => {
      const piece = id === UNKNOWN ? SHOWN_UNKNOWN : this.pieces[id];
      const label = capitalize(piece);
      return label === CAPITAL ? label : label.replace(CAPITAL, '');
    });
  }

  // Returns for each id which word of the text its piece belongs to, the first 0; -1 of none.
  wordIndex(ids) {
    const shown = ids.map((id) => this.#contribution(id));
    let word = -1;
    return shown.map((piece, i) => {
      if (piece.includes(SPACE)) word++;
      const beginsNext = piece === CAPITAL && (shown[i + 1] ?? '').startsWith(SPACE);
      return piece ? Math.max(0, word + (beginsNext ? 1 : 0)) : -1;
    });
  }

  // Returns the words of a text that are not known whole or in pieces, each once.
  unknownWords(text) {
    const tokens = normalize(text).split(' ').filter(Boolean).flatMap(preTokens);
    const unknown = tokens.filter((token) => this.#match(token).includes(UNKNOWN));
    return [...new Set(unknown.map(readable))];
  }

  // Returns the text of some ids up to the first END.
  decode(ids) {
    const list = [...ids];
    const end = list.indexOf(END);
    return readable((end < 0 ? list : list.slice(0, end)).map((id) => this.#contribution(id)).join(''));
  }

  #contribution(id) {
    if (id === UNKNOWN) return SHOWN_UNKNOWN;
    return this.#ids.has(this.pieces[id]) ? this.pieces[id] : '';
  }

  #encodeWord(word) {
    let found = this.#remembered.get(word);
    if (!found) {
      found = preTokens(word).flatMap((token) => this.#match(token));
      this.#remembered.set(word, found);
    }
    return found;
  }

  // Returns the ids of a pre-token's pieces: the longest first that fits, from left to right.
  #match(token) {
    const characters = [...token];
    const found = [];
    let start = 0;
    while (start < characters.length) {
      const [id, next] = this.#longestAt(characters, start);
      if (id !== UNKNOWN || found.at(-1) !== UNKNOWN) found.push(id);
      start = next;
    }
    return found;
  }

  #longestAt(characters, start) {
    const last = Math.min(characters.length, start + this.#longest);
    for (let end = last; end > start; end--) {
      const piece = characters.slice(start, end).join('');
      const id = this.#ids.get(piece);
      if (id !== undefined && (end === characters.length || !this.#endsToken(piece))) return [id, end];
    }
    return [UNKNOWN, this.whole ? characters.length : start + 1];
  }

  // Returns whether a piece may stand only at the end of a pre-token.
  #endsToken(piece) {
    if (this.whole) return piece !== CAPITAL && piece !== SPACE;
    return piece.startsWith(CAPITAL) && piece !== CAPITAL;
  }
}
