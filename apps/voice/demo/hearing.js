// The network of the voice panel: whole clips, and a live sound hop by hop.

const FIRST_WINDOW = 1e-6; // so that silence has an answer as well

// Hears whole clips, as apps/voice/front_end.py cuts them into windows.
export class Clips {
  constructor(model) {
    const {mfcc, window_hops: hops} = JSON.parse(model.text('front_end.json'));
    this.model = model;
    this.labels = model.lines('labels.txt');
    this.rate = mfcc.sample_rate;
    this.hop = mfcc.hop_length;
    this.window = hops * this.hop;
  }

  // Returns the scores of a sound: the mean of its windows', weighted by their hops of sound.
  async scores(samples) {
    const sums = new Array(this.labels.length).fill(0);
    let total = 0;
    for (let at = 0; at === 0 || at < samples.length; at += this.window) {
      const waveform = new Float32Array(this.window);
      waveform.set(samples.subarray(at, at + this.window));
      const weight = this.#hopsOfSound(waveform) + (at ? 0 : FIRST_WINDOW);
      if (!weight) continue;
      const {scores} = await this.model.run('classify', {waveform});
      scores.forEach((score, i) => (sums[i] += weight * score));
      total += weight;
    }
    return sums.map((sum) => sum / total);
  }

  #hopsOfSound(waveform) {
    let count = 0;
    for (let at = 0; at < waveform.length; at += this.hop) {
      if (waveform.subarray(at, at + this.hop).some(Boolean)) count++;
    }
    return count;
  }
}

// Hears a sound as it goes on, window by window, as apps/voice/streaming.py does.
export class Listener {
  #states;
  #hops = 0;

  constructor(model, window) {
    this.model = model;
    this.hop = model.inputs('step').hop.size;
    this.window = window;
    this.#states = model.states('step');
  }

  // Samples heard of this window.
  get heard() {
    return this.#hops * this.hop;
  }

  // Hears one hop; returns the scores if the sound ended here.
  async hear(hop) {
    if (this.heard >= this.window) {
      this.#states = this.model.states('step');
      this.#hops = 0;
    }
    const {scores, ...states} = await this.model.run('step', {hop, ...this.#states});
    this.#states = states;
    this.#hops++;
    return scores;
  }
}
