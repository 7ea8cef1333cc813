// A picture of the visit that is being recorded: who is in it, what was agreed, what is blurred, whether it stays.
import * as consent from "./consent.js";
import { MAX_PHOTOS } from "./draft.js";
import * as photos from "./photos.js";
import { change, keepDraft, shoot, showPictures, written } from "./recording.js";
import { derive, furnish, held, patch, pictureOf } from "./state.js";

const NONE = { hash: "", url: "", here: false, clear: false, agreed: false, way: "", blurred: false, open: false, blurring: false };
let blurring = "";

furnish({ picture: NONE }, () => ({ picture: looked() }));

// The picture before the person's eyes: kept in the draft, so that a killed app asks again.
function looked() {
  const { draft } = held;
  const hash = draft?.looking;
  if (!draft?.photos.includes(hash)) return NONE;
  const said = consent.saidOf(draft, hash);
  return { ...NONE, ...said, ...pictureOf(hash), hash, here: held.urls.has(hash), open: consent.isOpen(said), blurring: blurring === hash };
}

const answer = (rule, value) => held.draft?.looking && change(rule(held.draft, held.draft.looking, value));

function forget(hash) {
  URL.revokeObjectURL(held.urls.get(hash));
  held.urls.delete(hash);
}

// A picture and the draft that names it are stored by one stroke; where that fails the draft is what it was.
async function keepPicture(next, write) {
  const { photos: before, faces, looking } = held.draft;
  let stored = false;
  await keepDraft({ ...next, touched: true }, () => write().then(() => (stored = true)));
  if (stored) return;
  if (held.draft?.id === next.id) await change({ photos: before, faces, looking });
  throw new Error("the picture could not be stored");
}

// The picture is looked at before anything else: who is in it?
async function take(id, source) {
  const photo = await photos.shrink(source);
  await written();
  if (!id || held.draft?.id !== id) return;
  const hashes = [...new Set([...held.draft.photos, photo.sha256])].slice(0, MAX_PHOTOS);
  await keepPicture({ ...held.draft, photos: hashes, looking: photo.sha256 }, () => photos.keep(photo, held.draft));
  await showPictures();
  derive();
}

// The blurred picture comes, and the clear one is gone.
async function exchange(id, hash, source) {
  const photo = await photos.shrink(source);
  await written();
  if (held.draft?.id !== id || !held.draft.photos.includes(hash)) return;
  await keepPicture(consent.blur(held.draft, hash, photo.sha256), () => photos.replace(hash, held.draft, photo));
  if (photo.sha256 !== hash) forget(hash);
  await showPictures();
  derive();
}

export const picturing = {
  openCamera: () => patch("page", { camera: true }),
  closeCamera: () => patch("page", { camera: false }),
  // A picture belongs to the draft for which it was taken, however long the phone needs for it.
  addPhoto(source) {
    const id = held.draft?.id;
    patch("page", { camera: false });
    return shoot(() => take(id, source));
  },
  lookAt: (hash) => held.draft && keepDraft({ ...held.draft, looking: hash }),
  leave: () => picturing.lookAt(""),
  setClear: (clear) => answer(consent.setClear, clear),
  setAgreed: (agreed) => answer(consent.setAgreed, agreed),
  setWay: (way) => answer(consent.setWay, way),
  drop: (hash) =>
    shoot(async () => {
      if (!held.draft?.photos.includes(hash)) return;
      await keepPicture(consent.drop(held.draft, hash), () => photos.replace(hash, held.draft));
      forget(hash);
    }),
  startBlur: () => {
    blurring = held.draft?.looking ?? "";
    derive();
  },
  stopBlur: () => {
    blurring = "";
    derive();
  },
  // Takes the picture as the finger left it.
  blur(source) {
    const { id, looking } = held.draft;
    picturing.stopBlur();
    return shoot(() => exchange(id, looking, source));
  },
};
