/* <dialog> by attributes: data-opens="id" opens one, data-closes closes the one around it, a click beside it closes too. */

function closeMenus(except) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

function open(dialog) {
  dialog.showModal();
  // What is asked comes first, not the way out.
  dialog.querySelector(".in :is(input:not([type=hidden]), select, textarea, button)")?.focus();
}

export function startDialogs() {
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
    const opener = event.target.closest("[data-opens]");
    const wanted = opener && document.getElementById(opener.dataset.opens);
    if (wanted) open(wanted);
    else if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
    else if (event.target instanceof HTMLDialogElement && !event.target.querySelector("[data-dirty]")) event.target.close();
  });
  document.addEventListener("input", (event) => {
    if (event.target.form?.closest("dialog")) event.target.form.dataset.dirty = "";
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
  });
  document.addEventListener("htmx:load", (event) => {
    const dialog = event.target.matches?.("dialog[data-now]") ? event.target : event.target.querySelector?.("dialog[data-now]");
    if (dialog && !dialog.open) open(dialog);
  });
}
