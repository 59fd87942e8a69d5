// What is packed in a .tflite file besides the network: a zip archive of text files at its end, and
// a description in the flatbuffer.

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_SIZE = 22;

// Returns the files of the archive at the end of some bytes, by name; none where there is no
// archive. They are stored, not compressed.
//
// Raises:
//   Error: a file is compressed.
export function packedFiles(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - END_SIZE;
  const files = new Map();
  if (end < 0 || view.getUint32(end, true) !== END_OF_DIRECTORY) return files;
  const count = view.getUint16(end + 10, true);
  const size = view.getUint32(end + 12, true);
  // Offsets count from wherever the archive was thought to begin, here the file's first byte.
  const shift = end - size - view.getUint32(end + 16, true);
  let at = end - size;
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== DIRECTORY_ENTRY) throw new Error('the archive is damaged');
    const [method, length] = [view.getUint16(at + 10, true), view.getUint32(at + 24, true)];
    const [named, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + named));
    if (method !== 0) throw new Error(`${name}: is compressed`);
    const local = view.getUint32(at + 42, true) + shift;
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    files.set(name, bytes.subarray(start, start + length));
    at += 46 + named + extra + comment;
  }
  return files;
}

// A table of a flatbuffer: fields by their number in the schema.
class Table {
  constructor(view, at) {
    this.view = view;
    this.at = at;
    this.fields = at - view.getInt32(at, true);
  }

  // Returns the place of a field, 0 where it is left out.
  place(field) {
    const entry = 4 + 2 * field;
    if (entry >= this.view.getUint16(this.fields, true)) return 0;
    const offset = this.view.getUint16(this.fields + entry, true);
    return offset && this.at + offset;
  }

  follow(place) {
    return place + this.view.getUint32(place, true);
  }

  table(field) {
    const place = this.place(field);
    return place ? new Table(this.view, this.follow(place)) : null;
  }

  // Returns the tables of a vector.
  tables(field) {
    const place = this.place(field);
    if (!place) return [];
    const vector = this.follow(place);
    const length = this.view.getUint32(vector, true);
    return Array.from({length}, (_, i) => new Table(this.view, this.follow(vector + 4 + 4 * i)));
  }

  // Returns the bytes of a vector or text.
  bytes(field) {
    const place = this.place(field);
    if (!place) return new Uint8Array();
    const vector = this.follow(place);
    const start = this.view.byteOffset + vector + 4;
    return new Uint8Array(this.view.buffer, start, this.view.getUint32(vector, true));
  }

  text(field) {
    return new TextDecoder().decode(this.bytes(field));
  }

  number(field) {
    const place = this.place(field);
    return place ? this.view.getUint32(place, true) : 0;
  }
}

const rootOf = (bytes) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new Table(view, view.getUint32(0, true));
};

// Fields of TensorFlow Lite's schema, and of that of its metadata.
const [MODEL_BUFFERS, MODEL_METADATA] = [4, 6];
const [ENTRY_NAME, ENTRY_BUFFER] = [0, 1];
const BUFFER_DATA = 0;
const SUBGRAPHS = 3;
const INPUTS = 2;
const PROCESS_UNITS = 4;
const OPTIONS = 1;
const PATTERN = 0;

// Returns the regular expression between the tokens of a text, which the description of the file's
// inputs names.
//
// Raises:
//   Error: there is none.
export function delimitersOf(model) {
  const root = rootOf(model);
  const entry = root.tables(MODEL_METADATA).find((one) => one.text(ENTRY_NAME) === 'TFLITE_METADATA');
  const buffer = entry && root.tables(MODEL_BUFFERS)[entry.number(ENTRY_BUFFER)].bytes(BUFFER_DATA);
  const inputs = buffer ? rootOf(buffer).tables(SUBGRAPHS).flatMap((one) => one.tables(INPUTS)) : [];
  const options = inputs.flatMap((one) => one.tables(PROCESS_UNITS)).map((one) => one.table(OPTIONS));
  const pattern = options[0]?.text(PATTERN);
  if (!pattern) throw new Error('the file does not say what separates tokens');
  return pattern;
}
