// Reads QR codes off the main thread: whole picture, up to four codes, the one nearest the centre wins.
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import wasm from "zxing-wasm/reader/zxing_reader.wasm?url";

prepareZXingModule({ overrides: { locateFile: () => wasm } });

const distance = ({ position: { topLeft: a, bottomRight: b } }, { width, height }) =>
  Math.hypot((a.x + b.x - width) / 2, (a.y + b.y - height) / 2);

onmessage = async ({ data: { id, picture, thorough } }) => {
  const options = { formats: ["QRCode"], maxNumberOfSymbols: 4, tryHarder: thorough, tryDenoise: thorough };
  try {
    const found = (await readBarcodes(picture, options)).filter((code) => code.isValid);
    found.sort((a, b) => distance(a, picture) - distance(b, picture));
    postMessage({ id, text: found[0]?.text ?? null });
  } catch (error) {
    postMessage({ id, text: null, error: String(error) });
  }
};
