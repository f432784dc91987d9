/* Pages that change in place: a screen reader is told what changed, and not told again what it knows; the keyboard goes
   on where it was. What has an id keeps the focus by itself. */

/** Where the focus went away with what was swapped, the row that is open takes it, else the page. */
function keepFocus({ target }) {
  if (document.activeElement !== document.body || document.querySelector("dialog[open]")) return;
  if (target.id !== "main") return;
  (target.querySelector("[data-slip][aria-current]") ?? target).focus({ preventScroll: true });
}

export function startLive() {
  document.addEventListener("htmx:afterSettle", keepFocus);
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (!target.matches("[data-says]")) return;
    const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
    if (words(target) === words(fragment)) event.detail.shouldSwap = false;
  });
}
