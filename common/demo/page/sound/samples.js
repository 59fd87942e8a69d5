// Sounds as samples at the rate that a network hears, on the 16-bit grid, as common/audio/sound.py
// has them.

const FULL_SCALE = 32768;
const MOST_CHANNELS = 2;

// Puts samples on the 16-bit grid, half to even, in place; they stay from -1 to 1.
export function onGrid(samples) {
  for (let i = 0; i < samples.length; i++) {
    const scaled = samples[i] * FULL_SCALE;
    let whole = Math.round(scaled);
    if (whole - scaled === 0.5 && whole % 2) whole--;
    samples[i] = Math.max(-FULL_SCALE, Math.min(FULL_SCALE - 1, whole)) / FULL_SCALE;
  }
  return samples;
}

// Decodes a sound file; the browser brings it to the rate.
//
// Args:
//   file: a Blob.
//   rate: samples a second of the result.
//
// Returns:
//   A Float32Array of the mean of its channels.
//
// Raises:
//   Error: it is no sound that the browser reads, or has too many channels.
export async function decoded(file, rate) {
  const name = file.name ?? 'This';
  const content = await file.arrayBuffer();
  const plain = pcm(content, rate);
  if (plain) return plain;
  let sound;
  try {
    sound = await new OfflineAudioContext(1, 1, rate).decodeAudioData(content);
  } catch {
    throw new Error(`${name} is no sound that this browser can read. Choose a WAV, FLAC, MP3 or Ogg file.`);
  }
  const {numberOfChannels: count, length} = sound;
  if (count > MOST_CHANNELS) throw new Error(`${name} has ${count} channels. Mix it down to mono or stereo first.`);
  if (!length) throw new Error(`There are no samples in ${name}. Record it again.`);
  const mono = sound.getChannelData(0).slice();
  if (count === 2) {
    const other = sound.getChannelData(1);
    for (let i = 0; i < length; i++) mono[i] = (mono[i] + other[i]) / 2;
  }
  return onGrid(mono);
}

// Returns the very samples of a mono WAV file of 16 bits that has the rate already; null for any
// other file. Browsers scale positive and negative samples each in a way of their own.
function pcm(content, rate) {
  const view = new DataView(content);
  const is = (at, name) => [...name].every((c, i) => view.getUint8(at + i) === c.charCodeAt(0));
  if (content.byteLength < 12 || !is(0, 'RIFF') || !is(8, 'WAVE')) return null;
  let fits = false;
  for (let at = 12; at + 8 <= content.byteLength;) {
    const size = view.getUint32(at + 4, true);
    const body = at + 8;
    if (is(at, 'fmt ') && body + 16 <= content.byteLength) {
      const [format, channels, bits] = [0, 2, 14].map((place) => view.getUint16(body + place, true));
      fits = format === 1 && channels === 1 && bits === 16 && view.getUint32(body + 4, true) === rate;
    }
    if (is(at, 'data')) {
      if (!fits || !size || body + size > content.byteLength) return null;
      const length = Math.floor(size / 2);
      return Float32Array.from({length}, (_, i) => view.getInt16(body + 2 * i, true) / FULL_SCALE);
    }
    at = body + size + (size % 2);
  }
  return null;
}
