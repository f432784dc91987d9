/* Copying and sharing words. Elements that need a script carry `hidden` until it is there. */

function wordsOf(element) {
  const source = element.dataset.copyFrom && document.querySelector(element.dataset.copyFrom);
  if (!source) return element.dataset.copy ?? "";
  return [source.value ?? source.textContent, element.dataset.copy].filter(Boolean).join("\n").trim();
}

async function copy(element) {
  await navigator.clipboard.writeText(wordsOf(element));
  const before = element.dataset.before ?? element.textContent;
  element.dataset.before = before;
  element.textContent = element.dataset.done ?? "Copied";
  setTimeout(() => (element.textContent = before), 2500);
}

async function share(element) {
  const source = element.dataset.textFrom && document.querySelector(element.dataset.textFrom);
  const text = source?.value ?? element.dataset.text;
  try {
    await navigator.share({ title: element.dataset.title, text, url: element.dataset.url });
  } catch (error) {
    // Closing the share sheet is an answer, not a failure.
    if (error.name !== "AbortError") throw error;
  }
}

/** Links whose data-href holds {words} follow what is typed into the field named by data-words. */
function followWords(field) {
  document.querySelectorAll(`a[data-words="#${CSS.escape(field.id)}"]`).forEach((link) => {
    link.href = link.dataset.href.replace("{words}", encodeURIComponent(field.value));
  });
}

function show(root) {
  if (navigator.clipboard) root.querySelectorAll("[data-copy], [data-copy-from]").forEach((one) => (one.hidden = false));
  if (navigator.share) root.querySelectorAll("[data-share]").forEach((one) => (one.hidden = false));
}

export function startSharing() {
  show(document);
  document.addEventListener("htmx:load", (event) => show(event.target));
  document.addEventListener("click", (event) => {
    const copied = event.target.closest("[data-copy], [data-copy-from]");
    if (copied && navigator.clipboard) copy(copied);
    const shared = event.target.closest("[data-share]");
    if (shared) share(shared);
  });
  document.addEventListener("input", (event) => {
    if (event.target.id) followWords(event.target);
  });
}
