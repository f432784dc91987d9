/* Keys for whole pages. j and k walk along [data-slip]; any other letter presses the element that carries it as data-key. */

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
const isVisible = (element) => element.getClientRects().length > 0 && !element.disabled;
const slips = () => [...document.querySelectorAll("[data-slip]")].filter(isVisible);
const openSlip = () => slips().find((slip) => slip.hasAttribute("aria-current"));
const focusedSlip = () => document.activeElement.closest("[data-slip]");

function walk(step) {
  const all = slips();
  if (all.length === 0) return;
  const from = all.indexOf(focusedSlip() ?? openSlip());
  const to = from === -1 ? 0 : Math.min(Math.max(from + step, 0), all.length - 1);
  all[to].focus();
  all[to].scrollIntoView({ block: "nearest" });
}

function press(key) {
  const named = `[data-key="${CSS.escape(key)}"]`;
  const undo = [...document.querySelectorAll(`#toasts ${named}`)].filter(isVisible).at(-1);
  if (undo) {
    undo.click();
    return true;
  }
  const target = [...document.querySelectorAll(`#open ${named}, ${named}`)].find(isVisible);
  if (!target) return false;
  if (target.matches("input")) {
    target.select();
    return true;
  }
  const focused = focusedSlip();
  // A key must never act on a letter other than the one under the cursor: the first press opens the row.
  if (focused && focused !== openSlip() && target.closest("#open")) focused.click();
  else target.click();
  return true;
}

/** "g" and then the letter of a page, within a breath. */
const BREATH = 1500;
let wentAt = -BREATH;

function go(event) {
  if (event.key === "g") {
    wentAt = event.timeStamp;
    return true;
  }
  const isSecond = event.timeStamp - wentAt < BREATH;
  wentAt = -BREATH;
  const link = isSecond && document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
  if (link) link.click();
  return Boolean(link);
}

function show(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
}

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      show("jump");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat && !"jk".includes(event.key)) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (go(event)) return event.preventDefault();
    if (event.key === "j" || event.key === "k") walk(event.key === "j" ? 1 : -1);
    else if (event.key === "?") show("keys");
    else if (event.key.length !== 1 || event.key === " " || !press(event.key)) return;
    event.preventDefault();
  });
}
