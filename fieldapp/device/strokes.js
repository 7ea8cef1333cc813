// Strokes of a finger over a picture, in the picture's own pixels. Pure: no canvas, no page.

// A thumb covers about this much of the glass.
const THUMB = 56;
// So few blocks along the longer side leave nothing of a face.
const BLOCKS = 24;

// Where on the picture a pointer is, and how wide a thumb is there; `shown` is the rectangle in which it stands.
export function reach({ clientX, clientY }, shown, size) {
  const scale = size.width / shown.width;
  return { x: (clientX - shown.left) * scale, y: (clientY - shown.top) * scale, width: THUMB * scale };
}

export const begin = (strokes, { x, y, width }) => [...strokes, { width, points: [[x, y]] }];

export function goOn(strokes, { x, y }) {
  const last = strokes.at(-1);
  return [...strokes.slice(0, -1), { ...last, points: [...last.points, [x, y]] }];
}

export const undo = (strokes) => strokes.slice(0, -1);

// One stroke that covers all.
export const everything = ({ width, height }) => ({ width: 2 * Math.max(width, height), points: [[width / 2, height / 2]] });

// The size of the picture in blocks, each of which becomes one colour.
export function blocks({ width, height }) {
  const block = Math.max(1, Math.max(width, height) / BLOCKS);
  return { width: Math.max(1, Math.round(width / block)), height: Math.max(1, Math.round(height / block)) };
}
