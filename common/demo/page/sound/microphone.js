// The microphone as blocks of samples at the rate that a network hears.

import {onGrid} from './samples.js';

const REFUSED = {
  NotAllowedError: 'The microphone was refused. Allow it beside the address of this page, or choose a sound file.',
  NotFoundError: 'There is no microphone here. Choose a sound file instead.',
  NotReadableError: 'The microphone is in use by another program. Close that, or choose a sound file.',
};

// Opens the microphone.
//
// Args:
//   rate: samples a second.
//   size: samples of a block.
//   heard: called with each block, a Float32Array.
//
// Returns:
//   A function that ends it.
//
// Raises:
//   Error: a sentence for the visitor.
export async function microphone(rate, size, heard) {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new Error('A browser gives the microphone to pages from this machine or by https only. Choose a sound file instead.');
  }
  let stream;
  try {
    // As it is: what makes speech pleasant in a call changes what the network hears.
    stream = await navigator.mediaDevices.getUserMedia({
      audio: {channelCount: 1, echoCancellation: false, noiseSuppression: false, autoGainControl: false},
    });
  } catch (error) {
    throw new Error(REFUSED[error.name] ?? `The microphone cannot be had (${error.message}). Choose a sound file instead.`);
  }
  const context = new AudioContext({sampleRate: rate});
  const end = () => {
    stream.getTracks().forEach((track) => track.stop());
    return context.close();
  };
  try {
    await context.audioWorklet.addModule('/page/sound/blocks.js');
    const blocks = new AudioWorkletNode(context, 'blocks', {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
      processorOptions: {size},
    });
    blocks.port.onmessage = ({data}) => heard(onGrid(data));
    context.createMediaStreamSource(stream).connect(blocks);
    await context.resume();
  } catch (error) {
    await end();
    throw new Error(`This browser does not bring its microphone to ${rate} Hz (${error.message}). Choose a sound file instead.`);
  }
  return end;
}
