// What a draft or form says of the people in its pictures: that a face is clear, that they agreed and how, or that it was
// blurred. Pure: a draft in, a draft out; no storage, no words.

// The words that people agree to (`picture.agreed`). Whoever changes what they mean counts on.
export const TEXT_VERSION = 1;

const NOBODY = { clear: false, agreed: false, way: "", blurred: false };
export const saidOf = (draft, hash) => ({ ...NOBODY, ...draft?.faces?.[hash] });

// A face is clear, and neither did anybody agree nor was it blurred.
export const isOpen = ({ clear, agreed, way }) => clear && !(agreed && way);
export const isAnyOpen = (draft) => (draft.photos ?? []).some((hash) => isOpen(saidOf(draft, hash)));

// The consent as it travels beside the photo, or nothing.
export function consentOf(draft, hash) {
  const { clear, agreed, way, text_version = TEXT_VERSION } = saidOf(draft, hash);
  return clear && agreed && way ? { consent: { way, text_version } } : {};
}

// What photos that were sent before say.
export const facesOf = (photos) => Object.fromEntries(photos.filter((p) => p.consent).map((p) => [p.sha256, { ...NOBODY, clear: true, agreed: true, ...p.consent }]));

const say = (draft, hash, values) => ({ ...draft, faces: { ...draft.faces, [hash]: { ...saidOf(draft, hash), ...values } } });

// Each answer begins anew from the one above it: nobody agrees by what was ticked for another question.
export const setClear = (draft, hash, clear) => say(draft, hash, { clear, agreed: false, way: "" });
export const setAgreed = (draft, hash, agreed) => say(draft, hash, { agreed, way: "", text_version: TEXT_VERSION });
export const setWay = (draft, hash, way) => say(draft, hash, { way, text_version: TEXT_VERSION });

// The blurred picture stands where the clear one stood. Those who had agreed still do; a face that nobody had agreed to
// show is no longer clear.
export function blur(draft, hash, blurred) {
  const said = saidOf(draft, hash);
  const { [hash]: _, ...faces } = draft.faces ?? {};
  const photos = [...new Set(draft.photos.map((one) => (one === hash ? blurred : one)))];
  faces[blurred] = { ...(isOpen(said) ? NOBODY : said), blurred: true };
  return { ...draft, photos, faces, looking: draft.looking === hash ? blurred : draft.looking };
}

export function drop(draft, hash) {
  const { [hash]: _, ...faces } = draft.faces ?? {};
  return { ...draft, photos: draft.photos.filter((one) => one !== hash), faces, looking: draft.looking === hash ? "" : draft.looking };
}
