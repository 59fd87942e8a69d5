// Stretches a picture to a square, as common/image/resizing.py has it: the same bytes.
//
// All sums are whole numbers below 2 ** 53, so they are exact in any order.

const ROW_BITS = 16;
const KEPT_BITS = 4;
const COLUMN_BITS = ROW_BITS - KEPT_BITS;

// Lines of the picture that are in memory at a time.
const STRIP = 64;

// Returns what each pixel of a resized line is made of: [first pixel, weights] for each; weights
// sum to 2 ** bits.
export function weights(before, after, bits) {
  const wider = Math.max(before, after);
  return Array.from({length: after}, (_, i) => {
    const centre = (2 * i + 1) * before;
    const begin = Math.max(0, Math.floor((centre - 2 * wider) / (2 * after)));
    const end = Math.min(before, Math.floor((centre + 2 * wider) / (2 * after)) + 1);
    const sums = [];
    let total = 0;
    for (let j = begin; j < end; j++) {
      total += Math.max(0, 2 * wider - Math.abs((2 * j + 1) * after - centre));
      sums.push(total);
    }
    // The sums are rounded, not the weights: so the whole sum stays exact.
    const rounded = sums.map((sum) => Math.floor((2 ** bits * 2 * sum + total) / (2 * total)));
    return [begin, rounded.map((sum, k) => sum - (k ? rounded[k - 1] : 0))];
  });
}

// Stretches a picture to a square.
//
// Args:
//   width, height: of the picture, in pixels.
//   size: of a side of the result, in pixels.
//   strip: (top, lines) -> RGBA of these lines of the picture, four bytes a pixel; A is not read.
//
// Returns:
//   RGB line by line, a Uint8Array of size * size * 3.
export function resize(width, height, size, strip) {
  const same = width === size && height === size;
  const lines = same ? null : shrunk(width, height, size, strip);
  const result = new Uint8Array(size * size * 3);
  if (same) {
    const pixels = strip(0, size);
    for (let i = 0; i < size * size; i++) for (let c = 0; c < 3; c++) result[3 * i + c] = pixels[4 * i + c];
    return result;
  }
  weights(width, size, COLUMN_BITS).forEach(([begin, some], x) => {
    for (let y = 0; y < size; y++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let k = 0; k < some.length; k++) sum += some[k] * lines[(y * width + begin + k) * 3 + channel];
        result[(y * size + x) * 3 + channel] = Math.floor(sum / 2 ** ROW_BITS + 0.5);
      }
    }
  });
  return result;
}

// Returns the picture with its height brought to size; KEPT_BITS of the fractions are kept.
function shrunk(width, height, size, strip) {
  const rows = weights(height, size, ROW_BITS);
  const sums = new Int32Array(size * width * 3); // 255 * 2 ** ROW_BITS at most
  for (let top = 0; top < height; top += STRIP) {
    const bottom = Math.min(height, top + STRIP);
    const pixels = strip(top, bottom - top);
    rows.forEach(([begin, some], y) => {
      const last = Math.min(bottom, begin + some.length);
      for (let j = Math.max(top, begin); j < last; j++) {
        const weight = some[j - begin];
        const source = (j - top) * width * 4;
        const target = y * width * 3;
        for (let x = 0; x < width; x++) {
          sums[target + 3 * x] += weight * pixels[source + 4 * x];
          sums[target + 3 * x + 1] += weight * pixels[source + 4 * x + 1];
          sums[target + 3 * x + 2] += weight * pixels[source + 4 * x + 2];
        }
      }
    });
  }
  const scale = 2 ** (ROW_BITS - KEPT_BITS);
  return sums.map((sum) => Math.floor(sum / scale + 0.5));
}
