// What may be wrong with a screen as it stands: a line for each fault. Given once to the page; `look` is then called with
// what to expect. What is still on its way is waited for. The last line keeps the page from calling what stands before it.
window.look = async ({ locale, foreign, subjects, names, patience = 2000 }) => {
  const visible = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".sr, script, style");
  const BOXES = ".tile, .chip, .pill, .button, .card, .sync-pill, .figure, .house, .badge, .ring, .bottom-bar a, .line, .sheet, .toast, .notice";
  const own = new Set(names);
  const other = new Set(foreign);
  const key = new RegExp(`^(${subjects.join("|")})(\\.[a-z_0-9]+)+$`);

  function texts() {
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const { currentNode: node } = walker;
      if (node.data.trim() && visible(node.parentElement)) found.push(node);
    }
    return found;
  }

  function misspoken(said) {
    const words = said.trim();
    if (/undefined|\bNaN\b|\[object|\{\w+[:}]|^null$/.test(words)) return "not words";
    if (words.split(/\s+/).some((word) => key.test(word))) return "a key";
    if (other.has(words)) return "of the other language";
    if (locale === "vi") return "";
    const left = words.split(/[^\p{L}\p{M}]+/u).filter((word) => /[^\x00-\x7f]/.test(word) && !own.has(word.toLowerCase()));
    return left.length ? "Vietnamese" : "";
  }

  function spoken() {
    const attributes = [...document.querySelectorAll("[aria-label], [placeholder], [alt], [title]")].filter(visible);
    const said = attributes.flatMap((e) => ["aria-label", "placeholder", "alt", "title"].map((name) => e.getAttribute(name)));
    return [document.title, ...said.filter(Boolean), ...texts().map((node) => node.data)];
  }

  const hides = (style) => ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);

  function cut(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const { left, right, top, bottom } = range.getBoundingClientRect();
    const outside = (box) => left < box.left - 1.5 || right > box.right + 1.5 || top < box.top - 3 || bottom > box.bottom + 3;
    for (let e = node.parentElement; e && e !== document.body; e = e.parentElement) {
      const style = getComputedStyle(e);
      if (["auto", "scroll"].includes(style.overflowY) || style.position === "fixed") return e.matches(BOXES) && (left < e.getBoundingClientRect().left || right > e.getBoundingClientRect().right + 1.5);
      if ((hides(style) || e.matches(BOXES)) && outside(e.getBoundingClientRect())) return true;
    }
    return left < -1 || right > innerWidth + 1;
  }

  // A long word that goes on in the next line, in the middle of itself.
  function broken(node) {
    const range = document.createRange();
    for (const { 0: word, index } of node.data.matchAll(/[\p{L}\p{M}]{5,}/gu)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const lines = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top)));
      if (lines.size > 1) return word;
    }
    return "";
  }

  const pen = document.createElement("canvas").getContext("2d");
  function cutField(field) {
    const { fontWeight, fontFamily, paddingLeft, paddingRight } = getComputedStyle(field);
    pen.font = `${fontWeight} ${getComputedStyle(field, "::placeholder").fontSize} ${fontFamily}`;
    const width = field.value || !field.placeholder ? 0 : pen.measureText(field.placeholder).width;
    return width > field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight) + 1;
  }

  function covered() {
    const bar = document.querySelector(".save-bar, .bottom-bar");
    const last = [...document.querySelectorAll("main > *")].filter((e) => visible(e) && getComputedStyle(e).position !== "fixed").at(-1);
    if (!bar || !last || document.querySelector("[aria-modal]")) return [];
    scrollTo(0, document.body.scrollHeight);
    const hidden = last.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1;
    scrollTo(0, 0);
    return hidden ? [`under the bar: ${last.outerHTML.slice(0, 100)}`] : [];
  }

  const short = (node) => `${node.parentElement.className} “${node.data.trim().slice(0, 60)}”`;
  const TARGETS = "a[href], button, input:not([type=file]), select, textarea";

  function check() {
    const found = [];
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide > 0) found.push(`${wide} px wider than the screen`);
    for (const said of spoken()) if (misspoken(said)) found.push(`${misspoken(said)}: “${said.slice(0, 80)}”`);
    for (const node of texts()) {
      if (cut(node)) found.push(`cut off: ${short(node)}`);
      else if (broken(node)) found.push(`broken: ${short(node)}`);
    }
    for (const field of document.querySelectorAll("input, textarea")) if (visible(field) && cutField(field)) found.push(`cut off: ${field.name}`);
    for (const target of [...document.querySelectorAll(TARGETS)].filter(visible)) {
      const { width, height } = (target.closest("label") ?? target).getBoundingClientRect();
      if (width < 47.5 || height < 47.5) found.push(`small (${Math.round(width)} x ${Math.round(height)}): ${target.outerHTML.slice(0, 100)}`);
    }
    if (document.documentElement.lang !== locale) found.push(`speaks ${document.documentElement.lang}`);
    const [h1, ...more] = document.querySelectorAll("h1");
    if (!h1 || more.length) found.push(`${more.length + !!h1} first headings`);
    else if (!document.title.startsWith(h1.textContent)) found.push(`titled ${document.title}`);
    return [...found, ...covered()];
  }

  const end = performance.now() + patience;
  let found = check();
  while (found.length && performance.now() < end) {
    await new Promise((later) => setTimeout(later, 60));
    found = check();
  }
  return found;
};

window.axeFaults = async () => {
  const options = { resultTypes: ["violations"], rules: { "color-contrast-enhanced": { enabled: true } } };
  const { violations } = await axe.run(document, options);
  return violations.flatMap((v) => v.nodes.slice(0, 3).map((node) => `axe ${v.id} (${v.impact}): ${node.html.slice(0, 140)}`));
};
true;
