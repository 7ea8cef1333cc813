// The two places where a video element is on screen: the scanner and the photo camera. Drawn by hand in React,
// since a stream is nothing that a Python component could hold.
import { createElement as h, useEffect, useRef, useState } from "react";
import { picturing } from "./picturing.js";
import * as scan from "./scan.js";
import { actions } from "./store.js";
import { useWords } from "./words.js";

const icon = (name) => h("svg", { className: "icon", "aria-hidden": true }, h("use", { href: `/icons/sprite.svg#${name}` }));

function useCamera(onFailure) {
  const video = useRef(null);
  const [stream, setStream] = useState(null);
  useEffect(() => {
    let open = null;
    let gone = false;
    scan.openCamera().then(
      (got) => {
        if (gone) return scan.closeCamera(got);
        open = got;
        if (video.current) video.current.srcObject = got;
        return setStream(got);
      },
      (error) => gone || onFailure(error.message),
    );
    return () => {
      gone = true;
      scan.closeCamera(open);
    };
  }, []);
  return [video, stream];
}

function Torch({ stream, words }) {
  const [on, setOn] = useState(false);
  if (!scan.hasTorch(stream)) return null;
  const toggle = () => scan.constrain(stream, { torch: !on }).then(() => setOn(!on));
  return h("button", { type: "button", className: "round", "aria-pressed": on, "aria-label": words.t("scan.torch"), onClick: toggle }, icon("flashlight"));
}

function Zoom({ stream, words }) {
  const range = scan.zoomRange(stream);
  if (!range || range.max <= range.min) return null;
  return h("input", {
    type: "range", name: "zoom", className: "zoom", "aria-label": words.t("scan.zoom"), min: range.min, max: Math.min(range.max, 5), step: 0.1, defaultValue: range.min,
    onChange: (event) => scan.constrain(stream, { zoom: Number(event.target.value) }),
  });
}

function Picture({ label, onFile, className = "round" }) {
  const choose = async (event) => {
    const file = event.target.files[0];
    event.target.value = "";
    if (file) await onFile(file);
  };
  return h("label", { className, "aria-label": label }, icon("image"), h("input", { type: "file", name: "picture", accept: "image/*", className: "hidden-input", onChange: choose }));
}

export function Scanner() {
  const words = useWords();
  const [video, stream] = useCamera(actions.cameraFailed);
  useEffect(() => {
    if (!stream) return undefined;
    return scan.watch(video.current, (text) => actions.codeRead(text, "scan"));
  }, [stream]);
  const still = async (file) => {
    const text = await scan.readStill(file);
    await actions.codeRead(text ?? "", "still");
  };
  return h(
    "div", { className: "scanner" },
    h("video", { ref: video, autoPlay: true, muted: true, playsInline: true, "aria-label": words.t("scan.live") }),
    h("div", { className: "scan-frame", "aria-hidden": true }),
    h("div", { className: "scan-tools" }, h(Torch, { stream, words }), h(Zoom, { stream, words }),
      h(Picture, { label: words.t("scan.still"), onFile: still }),
      h("button", { type: "button", className: "round", "aria-label": words.t("scan.keypad"), onClick: actions.askTyping }, icon("keyboard"))),
  );
}

export function InvitationScanner() {
  const words = useWords();
  const [video, stream] = useCamera(actions.enrolCameraFailed);
  useEffect(() => {
    if (!stream) return undefined;
    return scan.watch(video.current, actions.invitationRead);
  }, [stream]);
  const still = async (file) => actions.invitationRead(await scan.readStill(file));
  return h(
    "div", { className: "scan-screen", role: "dialog", "aria-modal": true, "aria-label": words.t("join.scan") },
    h("div", { className: "scanner" },
      h("video", { ref: video, autoPlay: true, muted: true, playsInline: true, "aria-label": words.t("scan.live") }),
      h("div", { className: "scan-frame", "aria-hidden": true }),
      h("p", { className: "scan-hint" }, words.t("join.scan_hint")),
      h("div", { className: "scan-tools" }, h(Torch, { stream, words }),
        h(Picture, { label: words.t("scan.still"), onFile: still }),
        h("button", { type: "button", className: "round", "aria-label": words.t("close"), "data-close": true, onClick: actions.stopScanning }, icon("x")))),
  );
}

export function PhotoCamera() {
  const words = useWords();
  const [failed, setFailed] = useState("");
  const [video, stream] = useCamera(setFailed);
  const [seeing, setSeeing] = useState(false);
  const [busy, setBusy] = useState(false);
  // Before its first frame a video has no picture to take; one that fails leaves the shutter ready.
  const shoot = async () => {
    setBusy(true);
    try {
      await picturing.addPhoto(await createImageBitmap(video.current));
    } finally {
      setBusy(false);
    }
  };
  return h(
    "div", { className: "photo-camera", role: "dialog", "aria-modal": true, "aria-label": words.t("photo.camera") },
    failed ? h("p", { className: "camera-failed" }, words.t(`scan.error_${failed}`)) : h("video", { ref: video, autoPlay: true, muted: true, playsInline: true, onLoadedData: () => setSeeing(true) }),
    h("p", { className: "camera-warning" }, words.t("photo.warning")),
    h("div", { className: "camera-tools" },
      h(Picture, { label: words.t("photo.gallery"), onFile: picturing.addPhoto }),
      h("button", { type: "button", className: "shutter", "aria-label": words.t("photo.shoot"), disabled: !stream || !seeing || busy, onClick: shoot }),
      h("button", { type: "button", className: "round", "aria-label": words.t("close"), "data-close": true, onClick: picturing.closeCamera }, icon("x"))),
  );
}
