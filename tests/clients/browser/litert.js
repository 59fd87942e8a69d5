// Runs files with LiteRT.js. Values come and go by name, as lists of numbers that are filled up with
// zeros; one that comes may also be {wav: address} or {png: address}, which is read here.

import {loadAndCompile, loadLiteRt, Tensor} from '@litertjs/core';

import {pixelsOf, samplesOf} from './inputs.js';

const KINDS = {float32: Float32Array, int32: Int32Array, uint8: Uint8Array};
const [PAD, START, END] = [0, 2, 3];

const numThreads = Number(new URLSearchParams(location.search).get('threads') ?? 1);
await loadLiteRt('/modules/@litertjs/core/wasm/', {threads: numThreads > 1});

// Gives the model of a file to a function, and returns what that returns.
async function opened(url, work) {
  const model = await loadAndCompile(url, {accelerator: 'wasm', cpuOptions: {numThreads}});
  try {
    return await work(model);
  } finally {
    model.delete();
  }
}

async function numbersOf(value, shape) {
  if (value.wav) return samplesOf(value.wav);
  return value.png ? pixelsOf(value.png, shape[1]) : value;
}

async function tensorOf(value, {dtype, shape}) {
  const all = new KINDS[dtype](shape.reduce((product, side) => product * side, 1));
  all.set(await numbersOf(value, shape));
  return new Tensor(all, [...shape]);
}

async function call(model, signature, given) {
  const inputs = {};
  for (const one of model.signatures[signature].getInputDetails()) {
    inputs[one.name] = await tensorOf(given[one.name], one);
  }
  const outputs = await model.run(signature, inputs);
  const found = {};
  for (const [name, tensor] of Object.entries(outputs)) found[name] = [...(await tensor.data())];
  [...Object.values(inputs), ...Object.values(outputs)].forEach((tensor) => tensor.delete());
  return found;
}

async function stepsOf(steps) {
  if (!steps.wav) return steps;
  const samples = await samplesOf(steps.wav);
  const hops = Array.from({length: Math.ceil(samples.length / steps.hop)}, (_, i) => i * steps.hop);
  return hops.map((start) => samples.slice(start, start + steps.hop));
}

// The names of a file's signatures.
window.signatures = (url) => opened(url, (model) => Object.keys(model.signatures));

// The outputs of one call for each of the inputs.
window.run = (url, signature, inputs) => opened(url, async (model) => {
  const found = [];
  for (const given of inputs) found.push(await call(model, signature, given));
  return found;
});

// The scores after the last of the steps, for each list of steps, which {wav: address, hop: samples}
// may stand for. A state has the same name as it goes in and comes out, and begins with zeros.
window.walk = (url, input, walks) => opened(url, async (model) => {
  const names = model.signatures.step.getInputDetails().map(({name}) => name);
  const found = [];
  for (const steps of walks) {
    let outputs = Object.fromEntries(names.map((name) => [name, []]));
    for (const step of await stepsOf(steps)) {
      outputs = await call(model, 'step', {...outputs, [input]: step});
    }
    found.push(outputs.scores);
  }
  return found;
});

// The ids that a client finds who searches by itself: the likeliest token after each, at most so
// many, END the last.
window.search = (url, inputs, limits) => opened(url, async (model) => {
  const found = [];
  for (const [i, given] of inputs.entries()) {
    let values = await call(model, 'encode', given);
    const ids = [];
    for (let token = START; ids.length < limits[i] && token !== END; ids.push(token)) {
      const {logits, ...states} = await call(model, 'step', {...values, token: [token]});
      const never = token === START ? [PAD, START, END] : [PAD, START];
      never.forEach((id) => { logits[id] = -Infinity; });
      token = logits.indexOf(Math.max(...logits));
      values = {...values, ...states};
    }
    found.push(ids);
  }
  return found;
});

window.ready = true;
