// A text in parts that one call can read, as apps/translation/front_end.py divides it.

import {normalize} from '/page/text/normalization.js';

const SENTENCE = /\S.*?(?:[.!?…]["»')\]]*(?= )|$)/gu;
const CLAUSE_ENDS = [',', ';', ':'];

// Returns the parts: the text itself if it fits, else its sentences, and those that are too long cut
// behind a comma, semicolon or colon if that can be, else between words.
//
// Args:
//   text: as it was typed.
//   vocabulary: of its pieces.
//   most: pieces that one call reads.
export function parts(text, vocabulary, most) {
  const plain = normalize(text);
  const count = (part) => vocabulary.encode(part).length;
  if (count(plain) <= most) return [plain];
  return plain.match(SENTENCE).flatMap((sentence) => divided(sentence, count, most));
}

function divided(sentence, count, most) {
  if (count(sentence) <= most) return [sentence];
  const words = sentence.split(' ').flatMap((word) => dividedWord(word, count, most));
  const counts = words.map(count);
  const found = [];
  let start = 0;
  while (start < words.length) {
    let [end, sum] = [start, 0];
    while (end < words.length && sum + counts[end] <= most) sum += counts[end++];
    if (end < words.length) {
      const clause = words.slice(start, end).findLastIndex((word) => CLAUSE_ENDS.some((mark) => word.endsWith(mark)));
      if (clause >= 0) end = start + clause + 1;
    }
    found.push(words.slice(start, end).join(' '));
    start = end;
  }
  return found;
}

// A word that is too long by itself is cut anywhere.
function dividedWord(word, count, most) {
  if (count(word) <= most) return [word];
  const letters = [...word];
  const middle = Math.floor(letters.length / 2);
  return [letters.slice(0, middle), letters.slice(middle)]
    .flatMap((half) => dividedWord(half.join(''), count, most));
}
