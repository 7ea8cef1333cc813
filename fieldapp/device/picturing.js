// A picture that was just taken: who is in it, what was agreed, what is blurred, whether it stays. It is of the visit
// that is being recorded, or of the form of the screen that is open.
import * as consent from "./consent.js";
import { MAX_PHOTOS } from "./draft.js";
import * as forms from "./forms.js";
import * as photos from "./photos.js";
import { keepDraft, shoot, showPictures, written } from "./recording.js";
import { derive, furnish, held, patch, pictureOf } from "./state.js";

const NONE = { hash: "", url: "", here: false, clear: false, agreed: false, way: "", blurred: false, open: false, blurring: false };
const FORMS = { "/m/activities": "activity", "/m/difficulties": "difficulty" };
let blurring = "";

const OF_VISIT = { now: () => held.draft, keep: keepDraft, written, fact: () => ({ key: "draft", value: held.draft }) };
const ofForm = (name) => ({ now: () => forms.formOf(name), keep: (next, write) => forms.keepForm(name, next, write), written: forms.written, fact: () => forms.formFact(name) });

// What pictures are of here: what it is now, how it is kept, the fact that holds it.
function subject() {
  const name = FORMS[location.pathname.replace(/\/$/, "")];
  return name ? ofForm(name) : OF_VISIT;
}

furnish({ picture: NONE }, () => ({ picture: looked() }));

// The picture before the person's eyes: kept in the draft, so that a killed app asks again.
function looked() {
  const draft = subject().now();
  const hash = draft?.looking;
  if (!draft?.photos?.includes(hash)) return NONE;
  const said = consent.saidOf(draft, hash);
  return { ...NONE, ...said, ...pictureOf(hash, draft), hash, here: held.urls.has(hash), open: consent.isOpen(said), blurring: blurring === hash };
}

function answer(rule, value) {
  const { now, keep } = subject();
  const draft = now();
  return draft?.looking && keep({ ...rule(draft, draft.looking, value), touched: true });
}

function forget(hash) {
  URL.revokeObjectURL(held.urls.get(hash));
  held.urls.delete(hash);
}

// A picture and the draft that names it are stored by one stroke; where that fails the draft is what it was.
async function keepPicture(of, next, write) {
  const { photos: before, faces, looking } = of.now();
  let stored = false;
  await of.keep({ ...next, touched: true }, () => write().then(() => (stored = true)));
  if (stored) return;
  if (of.now()?.id === next.id) await of.keep({ ...of.now(), photos: before, faces, looking });
  throw new Error("the picture could not be stored");
}

async function show(of) {
  await showPictures(of.now()?.photos ?? []);
  derive();
}

// The picture is looked at before anything else: who is in it?
async function take(of, id, source) {
  const photo = await photos.shrink(source);
  await of.written();
  const draft = of.now();
  if (!id || draft?.id !== id) return;
  const hashes = [...new Set([...(draft.photos ?? []), photo.sha256])].slice(0, MAX_PHOTOS);
  await keepPicture(of, { ...draft, photos: hashes, looking: photo.sha256 }, () => photos.keep(photo, of.fact()));
  await show(of);
}

// The blurred picture comes, and the clear one is gone.
async function exchange(of, id, hash, source) {
  const photo = await photos.shrink(source);
  await of.written();
  const draft = of.now();
  if (draft?.id !== id || !draft.photos.includes(hash)) return;
  await keepPicture(of, consent.blur(draft, hash, photo.sha256), () => photos.replace(hash, of.fact(), photo));
  if (photo.sha256 !== hash) forget(hash);
  await show(of);
}

export const picturing = {
  openCamera: () => patch("page", { camera: true }),
  closeCamera: () => patch("page", { camera: false }),
  // A picture belongs to the draft for which it was taken, however long the phone needs for it.
  addPhoto(source) {
    const of = subject();
    const id = of.now()?.id;
    patch("page", { camera: false });
    return shoot(() => take(of, id, source));
  },
  lookAt(hash) {
    const { now, keep } = subject();
    return now() && keep({ ...now(), looking: hash });
  },
  leave: () => picturing.lookAt(""),
  setClear: (clear) => answer(consent.setClear, clear),
  setAgreed: (agreed) => answer(consent.setAgreed, agreed),
  setWay: (way) => answer(consent.setWay, way),
  drop(hash) {
    const of = subject();
    return shoot(async () => {
      if (!of.now()?.photos?.includes(hash)) return;
      await keepPicture(of, consent.drop(of.now(), hash), () => photos.replace(hash, of.fact()));
      forget(hash);
    });
  },
  startBlur: () => {
    blurring = subject().now()?.looking ?? "";
    derive();
  },
  stopBlur: () => {
    blurring = "";
    derive();
  },
  // Takes the picture as the finger left it.
  blur(source) {
    const of = subject();
    const { id, looking } = of.now();
    picturing.stopBlur();
    return shoot(() => exchange(of, id, looking, source));
  },
};
