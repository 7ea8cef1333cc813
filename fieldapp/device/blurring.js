// Blurring by finger: what the finger passes over becomes coarse blocks. Drawn by hand in React, since a canvas is nothing
// that a Python component could hold. The whole picture can be blurred by a button, without a finger or eyes.
import { createElement as h, useEffect, useRef, useState } from "react";
import { picturing } from "./picturing.js";
import { useSlice } from "./state.js";
import * as drawing from "./strokes.js";
import { useWords } from "./words.js";
import "./words-picture.js";

const icon = (name) => h("svg", { className: "icon", "aria-hidden": true }, h("use", { href: `/icons/sprite.svg#${name}` }));
const SCREEN = { display: "flex", flexDirection: "column", gap: "12px", padding: "calc(10px + env(safe-area-inset-top)) 12px calc(12px + env(safe-area-inset-bottom))" };
const STAGE = { flex: 1, minHeight: 0, display: "grid", placeItems: "center" };
const CANVAS = { maxWidth: "100%", maxHeight: "100%", touchAction: "none", borderRadius: "12px" };
const FLAT = { flex: 1, color: "#fff", background: "none" };

function surface({ width, height }) {
  return Object.assign(document.createElement("canvas"), { width, height });
}

// The picture in blocks, as a brush that paints each place with its own block.
function coarse(canvas, picture) {
  const size = { width: picture.naturalWidth, height: picture.naturalHeight };
  const small = surface(drawing.blocks(size));
  const shrunk = small.getContext("2d");
  shrunk.imageSmoothingQuality = "high";
  shrunk.drawImage(picture, 0, 0, small.width, small.height);
  const large = surface(size);
  const grown = large.getContext("2d");
  grown.imageSmoothingEnabled = false;
  grown.drawImage(small, 0, 0, large.width, large.height);
  return canvas.getContext("2d").createPattern(large, "no-repeat");
}

function paint(canvas, brush, { width, points }, from = 0) {
  const context = canvas.getContext("2d");
  Object.assign(context, { strokeStyle: brush, lineWidth: width, lineCap: "round", lineJoin: "round" });
  context.beginPath();
  const [first, ...rest] = points.slice(from);
  context.moveTo(...first);
  // A touch that does not move leaves its mark as well.
  for (const [x, y] of rest.length ? rest : [first]) context.lineTo(x + 0.01, y);
  context.stroke();
}

// The canvas with what was drawn on it, ready when the picture is.
function usePicture(url) {
  const canvas = useRef(null);
  const [picture, setPicture] = useState(null);
  const brush = useRef(null);
  useEffect(() => {
    const image = new Image();
    image.onload = () => {
      Object.assign(canvas.current, { width: image.naturalWidth, height: image.naturalHeight });
      canvas.current.getContext("2d").drawImage(image, 0, 0);
      brush.current = coarse(canvas.current, image);
      setPicture(image);
    };
    image.src = url;
    return () => (image.onload = null);
  }, []);
  return { canvas, brush, picture };
}

export function BlurTool() {
  const words = useWords();
  const { url } = useSlice("picture");
  const { canvas, brush, picture } = usePicture(url);
  const [strokes, setStrokes] = useState([]);
  const drawn = useRef([]);
  const finger = useRef(null);
  const keep = (next) => setStrokes((drawn.current = next));
  const place = (event) => drawing.reach(event, canvas.current.getBoundingClientRect(), canvas.current);
  const down = (event) => {
    if (!picture || !event.isPrimary) return;
    finger.current = event.pointerId;
    event.target.setPointerCapture(event.pointerId);
    keep(drawing.begin(drawn.current, place(event)));
    paint(canvas.current, brush.current, drawn.current.at(-1));
  };
  const move = (event) => {
    if (event.pointerId !== finger.current) return;
    keep(drawing.goOn(drawn.current, place(event)));
    paint(canvas.current, brush.current, drawn.current.at(-1), -2);
  };
  const up = () => (finger.current = null);
  const undo = () => {
    keep(drawing.undo(drawn.current));
    canvas.current.getContext("2d").drawImage(picture, 0, 0);
    for (const stroke of drawn.current) paint(canvas.current, brush.current, stroke);
  };
  const all = () => {
    keep([...drawn.current, drawing.everything(canvas.current)]);
    paint(canvas.current, brush.current, drawn.current.at(-1));
  };
  const tool = (name, label, onClick, disabled) => h("button", { type: "button", className: "button compact", style: FLAT, onClick, disabled }, icon(name), label);
  return h(
    "div", { className: "photo-camera", style: SCREEN, role: "dialog", "aria-modal": true, "aria-label": words.t("picture.blur") },
    h("div", { className: "row" },
      h("p", { className: "grow strong" }, words.t("picture.blur_hint")),
      h("button", { type: "button", className: "icon-button", "aria-label": words.t("close"), "data-close": true, autoFocus: true, onClick: picturing.stopBlur }, icon("x"))),
    h("div", { style: STAGE },
      h("canvas", { ref: canvas, style: CANVAS, role: "img", "aria-label": words.t("picture.alt"), onPointerDown: down, onPointerMove: move, onLostPointerCapture: up })),
    h("div", { className: "row" },
      tool("undo-2", words.t("picture.undo"), undo, !strokes.length),
      tool("image", words.t("picture.blur_all"), all, !picture)),
    h("button", { type: "button", className: "button primary wide", disabled: !strokes.length, onClick: () => picturing.blur(canvas.current) }, icon("check"), words.t("picture.blur_done")),
  );
}
