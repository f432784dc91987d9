/* The palette. Letters are answered by the server; the arrows walk through what it found while the focus stays in the
   field (ARIA combobox). What was opened lately is remembered in this browser, per workspace, until somebody signs out. */

const SHELF = "lately:";
const MOST = 6;

const shelf = () => SHELF + location.pathname.split("/")[2];

function lately() {
  return JSON.parse(localStorage.getItem(shelf()) ?? "[]");
}

/** Records name themselves by a face or a crumb; other pages are in the palette anyway. */
function remember() {
  const isRecord = document.querySelector("main .crumbs");
  if (!isRecord) return;
  const here = { title: document.title.split(" · ")[0], url: location.pathname };
  const rest = lately().filter((one) => one.url !== here.url);
  localStorage.setItem(shelf(), JSON.stringify([here, ...rest].slice(0, MOST + 1)));
}

function forget() {
  Object.keys(localStorage).filter((key) => key.startsWith(SHELF)).forEach((key) => localStorage.removeItem(key));
}

function showLately(box) {
  box.querySelectorAll("a").forEach((link) => link.remove());
  const places = lately().filter((one) => one.url !== location.pathname).slice(0, MOST);
  places.forEach((one, index) => {
    const link = document.createElement("a");
    Object.assign(link, { href: one.url, id: `jump-lately-${index}`, tabIndex: -1, role: "option" });
    link.append(Object.assign(document.createElement("span"), { textContent: one.title }));
    box.append(link);
  });
  box.hidden = places.length === 0;
}

export function startJump() {
  if (location.pathname === document.body.dataset.login) return forget();
  const dialog = document.getElementById("jump");
  const field = dialog?.querySelector("input[type=search]");
  if (!field) return;
  remember();
  const box = dialog.querySelector("[data-recent]");
  const options = () => [...dialog.querySelectorAll("[role=option]")].filter((one) => one.getClientRects().length > 0);
  const current = () => dialog.querySelector("[role=option][aria-selected=true]");

  function choose(option) {
    current()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  }

  dialog.addEventListener("toggle", () => {
    if (!dialog.open) return;
    field.select();
    showLately(box);
    box.hidden ||= field.value.trim() !== "";
    choose(null);
    field.dispatchEvent(new Event("jump-opened"));
  });
  field.addEventListener("input", () => {
    box.hidden = field.value.trim() !== "" || box.querySelector("a") === null;
  });
  dialog.addEventListener("htmx:afterSwap", () => choose(field.value.trim() ? options()[0] : null));
  field.addEventListener("keydown", (event) => {
    const all = options();
    const at = all.indexOf(current());
    if (event.key === "Enter") (current() ?? all[0])?.click();
    else if (event.key === "ArrowDown") choose(all[Math.min(at + 1, all.length - 1)]);
    else if (event.key === "ArrowUp") choose(all[Math.max(at - 1, 0)]);
    else return;
    event.preventDefault();
  });
}
