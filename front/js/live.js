/* Pages that poll: a screen reader is told what changed, and not told again what it knows. */

export function startLive() {
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const { target, fragment } = event.detail;
    if (!target.matches("[data-says]")) return;
    const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
    if (words(target) === words(fragment)) event.detail.shouldSwap = false;
  });
}
