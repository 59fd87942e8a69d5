// From a picture that the browser knows to the pixels that a network sees.

import {resize} from './resizing.js';

const MOST_PIXELS = 100_000_000;

// Decodes a file: turned upright by its EXIF, without its colour profile.
//
// Raises:
//   Error: it is no picture that the browser reads, or too large.
export async function decoded(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, {
      imageOrientation: 'from-image',
      colorSpaceConversion: 'none',
    });
  } catch {
    throw new Error(`${file.name ?? 'This'} is no picture that this browser can read. Choose a JPEG, PNG or WebP file.`);
  }
  if (picture.width * picture.height > MOST_PIXELS) {
    picture.close();
    throw new Error(`${file.name ?? 'The picture'} is larger than 100 million pixels. Make it smaller first.`);
  }
  return picture;
}

// Returns the RGB pixels of a picture, stretched to a square: a Uint8Array of size * size * 3.
//
// Args:
//   picture: an ImageBitmap, or anything else that a canvas draws.
//   width, height: of it, in pixels.
//   size: of a side of the result, in pixels.
export function pixelsOf(picture, width, height, size) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  const context = canvas.getContext('2d', {willReadFrequently: true, colorSpace: 'srgb'});
  return resize(width, height, size, (top, lines) => {
    canvas.height = lines; // clears it as well
    context.fillStyle = 'white'; // below what is transparent
    context.fillRect(0, 0, width, lines);
    context.drawImage(picture, 0, top, width, lines, 0, 0, width, lines);
    return context.getImageData(0, 0, width, lines).data;
  });
}
