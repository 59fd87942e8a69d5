// Runs in the thread of the sound: cuts what comes in into blocks of one size.

class Blocks extends AudioWorkletProcessor {
  constructor({processorOptions: {size}}) {
    super();
    this.block = new Float32Array(size);
    this.filled = 0;
  }

  process([[samples]]) {
    for (const sample of samples ?? []) {
      this.block[this.filled++] = sample;
      if (this.filled === this.block.length) {
        this.port.postMessage(this.block);
        this.block = new Float32Array(this.filled);
        this.filled = 0;
      }
    }
    return true;
  }
}

registerProcessor('blocks', Blocks);
