/* Jump to: filters the pages already listed in the dialog; results of people and records arrive by htmx below them. */

export function startJump() {
  const dialog = document.getElementById("jump");
  const field = dialog?.querySelector("input[type=search]");
  if (!field) return;
  const links = () => [...dialog.querySelectorAll("a[href]")].filter((link) => link.getClientRects().length > 0);
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    dialog.querySelectorAll("[data-page]").forEach((row) => {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
    });
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === field) {
      event.preventDefault();
      links()[0]?.click();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = links();
    const next = all.indexOf(document.activeElement) + step;
    (next < 0 ? field : all[Math.min(next, all.length - 1)])?.focus();
  });
}
