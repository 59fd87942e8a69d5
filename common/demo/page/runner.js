// Runs .tflite files with LiteRT.js: typed arrays go in and come out by name.

import {loadAndCompile, loadLiteRt, Tensor} from '@litertjs/core';

import {packedFiles} from './packed.js';

const TYPES = {float32: Float32Array, int32: Int32Array, uint8: Uint8Array};

let started;

// The runtime is started once, however many models there are.
function runtime() {
  started ??= loadLiteRt('/runtime/core/wasm/');
  return started;
}

export class Model {
  #compiled;
  #last = Promise.resolve();

  // Args:
  //   bytes: of the file, a Uint8Array.
  //   compiled: what LiteRT.js made of it.
  constructor(bytes, compiled) {
    this.#compiled = compiled;
    this.bytes = bytes;
    this.files = packedFiles(bytes);
  }

  // Loads a file.
  //
  // Raises:
  //   Error: it cannot be had, or is no model.
  static async load(url) {
    const [response] = await Promise.all([fetch(url), runtime()]);
    if (!response.ok) throw new Error(`${url}: the server answers ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    return new Model(bytes, await loadAndCompile(bytes, {accelerator: 'wasm'}));
  }

  // Returns the lines of a packed file, such as labels.txt.
  lines(name) {
    const lines = this.text(name).split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines;
  }

  // Returns a packed file as text.
  text(name) {
    const content = this.files.get(name);
    if (!content) throw new Error(`the file has no ${name} in it`);
    return new TextDecoder().decode(content);
  }

  has(signature) {
    return signature in this.#compiled.signatures;
  }

  // Returns {name: {shape, type, size}} of a signature's inputs.
  inputs(signature) {
    return described(this.#compiled.signatures[signature].getInputDetails());
  }

  // Returns {name: {shape, type, size}} of a signature's outputs.
  outputs(signature) {
    return described(this.#compiled.signatures[signature].getOutputDetails());
  }

  // Returns zeros for some inputs of a signature, all of them if none are named.
  zeros(signature, names = Object.keys(this.inputs(signature))) {
    const inputs = this.inputs(signature);
    return Object.fromEntries(names.map((name) => [name, new TYPES[inputs[name].type](inputs[name].size)]));
  }

  // Returns the states before the first step: zeros for the inputs that come out again.
  states(signature) {
    const outputs = this.outputs(signature);
    return this.zeros(signature, Object.keys(this.inputs(signature)).filter((name) => name in outputs));
  }

  // Calls a signature once for nothing: the first call takes longer than those that follow.
  async warmUp(signature) {
    await this.run(signature, this.zeros(signature));
    return this;
  }

  // Calls a signature.
  //
  // Args:
  //   signature: its name.
  //   given: a typed array (or array of numbers) for each input, of its type.
  //
  // Returns:
  //   A typed array for each output; the page owns them.
  run(signature, given) {
    // One call after the other: a model has one memory.
    const call = this.#last.then(() => this.#run(signature, given));
    this.#last = call.catch(() => {});
    return call;
  }

  async #run(signature, given) {
    const runner = this.#compiled.signatures[signature];
    const tensors = {};
    let outputs = {};
    try {
      for (const {name, shape, dtype} of runner.getInputDetails()) {
        const values = given[name];
        const size = sizeOf(shape);
        if (values?.length !== size) {
          throw new Error(`${name} takes ${size} numbers, not ${values?.length}`);
        }
        const typed = values instanceof TYPES[dtype] ? values : TYPES[dtype].from(values);
        tensors[name] = new Tensor(typed, [...shape]);
      }
      outputs = await runner.run(tensors);
      const found = {};
      for (const [name, tensor] of Object.entries(outputs)) found[name] = (await tensor.data()).slice();
      return found;
    } finally {
      for (const tensor of [...Object.values(tensors), ...Object.values(outputs)]) tensor.delete();
    }
  }
}

const sizeOf = (shape) => shape.reduce((product, side) => product * side, 1);

function described(details) {
  return Object.fromEntries(
    details.map(({name, shape, dtype}) => [name, {shape: [...shape], type: dtype, size: sizeOf(shape)}]),
  );
}
