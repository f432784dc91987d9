/* Toasts leave by themselves; the undo line runs out beside them. Pointer or focus on one holds it. */

const SECOND = 1000;

function run(toast) {
  if (toast.dataset.running !== undefined) return;
  toast.dataset.running = "";
  let left = Number(toast.dataset.seconds);
  if (!(left > 0)) return;
  const line = toast.querySelector(".run line");
  const words = toast.querySelector(".secs");
  if (line) line.style.animationDuration = `${left}s`;
  const timer = setInterval(() => {
    if (!toast.isConnected) return clearInterval(timer);
    if (toast.matches(":hover, :focus-within")) return;
    left -= 1;
    if (words) words.textContent = `${left} s`;
    if (left <= 0) {
      clearInterval(timer);
      toast.remove();
    }
  }, SECOND);
}

const runAll = () => document.querySelectorAll("#toasts .toast").forEach(run);

/** Show a toast made from the page's template. `undo` is an address that takes a POST. */
export function say(text, { undo, seconds = 10 } = {}) {
  const template = document.getElementById(undo ? "toast-undo" : "toast-plain");
  const shelf = document.getElementById("toasts");
  if (!template || !shelf) return;
  const toast = template.content.firstElementChild.cloneNode(true);
  toast.querySelector(".says").textContent = text;
  toast.dataset.seconds = seconds;
  if (undo) toast.querySelector("form").action = undo;
  shelf.append(toast);
  run(toast);
}

export function startToasts() {
  runAll();
  document.addEventListener("htmx:load", runAll);
  document.addEventListener("toast", (event) => say(event.detail.text, event.detail));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-leaves]")) event.target.closest(".toast")?.remove();
  });
}
