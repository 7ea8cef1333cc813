// Camera and code reader. Says by name what is wrong (denied, none, busy), so that the screen can show the next way.
export const STILL_SIDE = 2400;

// An open back camera as a stream; the browser may give another one.
export async function openCamera() {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error("none");
  const video = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    const names = { NotAllowedError: "denied", NotFoundError: "none", OverconstrainedError: "none", NotReadableError: "busy" };
    throw new Error(names[error.name] ?? "none");
  }
}

export const closeCamera = (stream) => stream?.getTracks().forEach((track) => track.stop());

const able = (stream) => stream?.getVideoTracks()[0]?.getCapabilities?.() ?? {};
export const hasTorch = (stream) => able(stream).torch === true;
export const zoomRange = (stream) => able(stream).zoom ?? null;
export const constrain = (stream, values) => stream.getVideoTracks()[0].applyConstraints({ advanced: [values] }).catch(() => {});

// A reader in a worker of its own, of pixels or of frames, which are drawn there.
export function createReader() {
  const worker = new Worker(new URL("./scan-worker.js", import.meta.url), { type: "module" });
  const asked = new Map();
  let last = 0;
  worker.onmessage = ({ data: { id, text } }) => {
    asked.get(id)?.(text);
    asked.delete(id);
  };
  return {
    read(picture, thorough) {
      const id = ++last;
      return new Promise((resolve) => {
        asked.set(id, resolve);
        worker.postMessage({ id, picture, thorough }, [picture.data?.buffer ?? picture]);
      });
    },
    close: () => worker.terminate(),
  };
}

// The picture of an image, at most `side` px on its long side.
export function pixels(source, width, height, side) {
  const scale = Math.min(1, side / Math.max(width, height));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

// The text of the code in a still picture, or null.
export async function readStill(file) {
  const reader = createReader();
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    return await reader.read(pixels(bitmap, bitmap.width, bitmap.height, STILL_SIDE), true);
  } catch {
    return null;
  } finally {
    reader.close();
  }
}

// What the video shows now, without its pixels having been touched: a phone has none to spare for them here.
async function frameOf(video) {
  try {
    return new VideoFrame(video);
  } catch {
    return createImageBitmap(video).catch(() => null);
  }
}

// Reads frames until `found` says that it has what it wanted. Every second frame is looked at thoroughly.
export function watch(video, found) {
  const reader = createReader();
  let stopped = false;
  (async () => {
    for (let frame = 0; !stopped; frame += 1) {
      const picture = video.readyState >= 2 && video.videoWidth ? await frameOf(video) : null;
      if (picture) {
        const text = await reader.read(picture, frame % 2 === 1);
        if (text && !stopped && (await found(text))) break;
      }
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  })();
  return () => {
    stopped = true;
    reader.close();
  };
}
