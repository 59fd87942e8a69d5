// What panels of generators share: asking a file for a sentence, and where it looked as it wrote.

import {END, PAD, START} from './text/pieces.js';

// Asks a file.
//
// Args:
//   model: a Model.
//   signature: of greedy search; its beam search is taken where the file has one, as predict does.
//   given: the input, by name.
//
// Returns:
//   {ids, score}: ids without padding; the score is that of a token, geometric mean.
export async function asked(model, signature, given) {
  const beam = `${signature}_beam`;
  const found = await model.run(model.has(beam) ? beam : signature, given);
  return {ids: [...found.ids].filter((id) => id !== PAD), score: found.score[0]};
}

// Reads an answer again, token by token, and notes where the network looked.
//
// Returns:
//   A Float32Array over the places of the input for each id; null where the file cannot be asked.
export async function attention(model, given, ids) {
  if (!model.has('encode') || !model.has('step')) return null;
  const remembered = await model.run('encode', given);
  const looked = [];
  let token = START;
  for (const id of ids) {
    if (id === END) break;
    const outputs = await model.run('step', {token: [token], ...remembered});
    for (const name of Object.keys(remembered)) remembered[name] = outputs[name] ?? remembered[name];
    looked.push(outputs.attention);
    token = id;
  }
  return looked;
}
