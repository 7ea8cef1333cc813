// Reads QR codes off the main thread: whole picture, up to four codes, the one nearest the centre wins.
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

prepareZXingModule({ overrides: { locateFile: () => wasm } });

const SIDE = 1280;
const canvas = new OffscreenCanvas(1, 1);
const context = canvas.getContext("2d", { willReadFrequently: true });

// The pixels of a frame, at most SIDE on its long side.
function pixelsOf(frame) {
  const [width, height] = [frame.displayWidth ?? frame.width, frame.displayHeight ?? frame.height];
  const scale = Math.min(1, SIDE / Math.max(width, height));
  Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
  context.drawImage(frame, 0, 0, canvas.width, canvas.height);
  frame.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

const distance = ({ position: { topLeft: a, bottomRight: b } }, { width, height }) =>
  Math.hypot((a.x + b.x - width) / 2, (a.y + b.y - height) / 2);

onmessage = async ({ data: { id, picture: given, thorough } }) => {
  const options = { formats: ["QRCode"], maxNumberOfSymbols: 4, tryHarder: thorough, tryDenoise: thorough };
  try {
    const picture = given instanceof ImageData ? given : pixelsOf(given);
    const found = (await readBarcodes(picture, options)).filter((code) => code.isValid);
    found.sort((a, b) => distance(a, picture) - distance(b, picture));
    postMessage({ id, text: found[0]?.text ?? null });
  } catch (error) {
    postMessage({ id, text: null, error: String(error) });
  }
};
