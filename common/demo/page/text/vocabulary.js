// Words and their ids, as common/text/tokenizer.py and vocabulary.py have them.

export const UNKNOWN = 1;

// A text ends at a NUL character everywhere.
export const untilEnd = (text) => text.split('\0', 1)[0];

export class Vocabulary {
  // Args:
  //   lines: of the packed vocab.txt, "form id" each.
  //   delimiters: the regular expression for what stands between two tokens.
  constructor(lines, delimiters) {
    this.ids = new Map(lines.map((line) => {
      const [form, id] = line.split(' ');
      return [form, Number(id)];
    }));
    this.delimiters = new RegExp(delimiters, 'u');
  }

  // Returns the tokens of a text as they are written.
  tokens(text) {
    return untilEnd(text).split(this.delimiters).filter(Boolean);
  }

  // Returns the id of a token.
  id(token) {
    return this.ids.get(token) ?? UNKNOWN;
  }

  // Returns the ids of a text's tokens.
  encode(text) {
    return this.tokens(text).map((token) => this.id(token));
  }
}
