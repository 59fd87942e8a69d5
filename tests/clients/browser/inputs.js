// Raw inputs, read in the page.

async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

// The samples of a WAV file with one channel of 16 bits, from -1 to 1.
export async function samplesOf(url) {
  const view = new DataView(await (await fetched(url)).arrayBuffer());
  const name = (at) => String.fromCharCode(...new Uint8Array(view.buffer, at, 4));
  let at = 12;
  while (name(at) !== 'data') {
    const size = view.getUint32(at + 4, true);
    if (name(at) === 'fmt ') {
      const [format, channels, bits] = [8, 10, 22].map((i) => view.getUint16(at + i, true));
      if (format !== 1 || channels !== 1 || bits !== 16) throw new Error(`${url}: other samples`);
    }
    at += 8 + size + (size % 2);
  }
  const length = view.getUint32(at + 4, true) / 2;
  return Float32Array.from({length}, (_, i) => view.getInt16(at + 8 + 2 * i, true) / 32768);
}

// The pixels of a picture, red, green and blue, that has the size of the network's own.
export async function pixelsOf(url, size) {
  const blob = await (await fetched(url)).blob();
  const picture = await createImageBitmap(blob, {colorSpaceConversion: 'none'});
  if (picture.width !== size || picture.height !== size) throw new Error(`${url}: other size`);
  const context = new OffscreenCanvas(size, size).getContext('2d');
  context.drawImage(picture, 0, 0);
  const {data} = context.getImageData(0, 0, size, size);
  return data.filter((_, i) => i % 4 !== 3);
}
