/* Lists: choosing rows for what is done to many, and opening the row under the cursor. */

const rows = () => [...document.querySelectorAll("[data-pick]")];
let all = 0;

/** Say how many are chosen; the bar is there only while some are. */
function tell() {
  const bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  const picked = rows().filter((box) => box.checked);
  bar.hidden = picked.length === 0;
  bar.querySelector("[data-picked]").textContent = all || picked.length;
  rows().forEach((box) => box.closest("tr").setAttribute("aria-selected", box.checked));
  const head = document.querySelector("[data-pick-page]");
  head.checked = picked.length > 0 && picked.length === rows().length;
  head.indeterminate = picked.length > 0 && !head.checked;
}

function pick(state, everything = 0) {
  all = everything;
  rows().forEach((box) => (box.checked = state));
  tell();
}

function onChange(event) {
  if (event.target.matches("[data-pick-page]")) pick(event.target.checked);
  else if (event.target.matches("[data-pick]")) {
    all = 0;
    tell();
  }
}

function onClick(event) {
  const everything = event.target.closest("[data-pick-all]");
  if (everything) pick(true, Number(everything.dataset.pickAll));
  else if (event.target.closest("[data-pick-none]")) pick(false);
}

/** Forms for many rows carry the chosen ids, or the word that all the address finds are meant. */
function onFormData(event) {
  if (!event.target.matches("[data-rows]")) return;
  if (all) event.formData.append("all", "1");
  else rows().filter((box) => box.checked).forEach((box) => event.formData.append("ids", box.value));
}

function onKey(event) {
  const row = event.target.closest?.("tr[data-slip]");
  if (!row || event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter") row.querySelector("a[href]")?.click();
  else if (event.key === "x") row.querySelector("[data-pick]")?.click();
  else return;
  event.preventDefault();
}

/** Where tabs need more room than there is, the one that is open is in sight. */
function showTab() {
  const row = document.querySelector(".tabs");
  const open = row?.querySelector("[aria-current]");
  if (open && row.scrollWidth > row.clientWidth) row.scrollLeft = open.offsetLeft - row.offsetLeft - (row.clientWidth - open.offsetWidth) / 2;
}

/** Phones show the rows first: the filters fold away behind a button that says how many of them are set. */
function foldFilters() {
  const button = document.querySelector("[data-unfold]");
  if (!button) return;
  const form = button.form ?? button.closest("form");
  const isSet = (field) => field.name !== "sort" && (field.matches("select") ? field.selectedIndex > 0 : field.value !== "");
  const set = [...form.querySelectorAll("select, input[type=date]")].filter(isSet).length;
  if (set > 0) button.textContent = `Filters, ${set} set`;
  button.hidden = false;
  form.dataset.folded = "";
  button.addEventListener("click", () => {
    const folded = form.toggleAttribute("data-folded");
    button.setAttribute("aria-expanded", String(!folded));
  });
}

export function startLists() {
  foldFilters();
  showTab();
  document.addEventListener("change", onChange);
  document.addEventListener("click", onClick);
  document.addEventListener("formdata", onFormData);
  document.addEventListener("keydown", onKey);
  // A page that comes back from the browser's memory keeps its ticks.
  addEventListener("pageshow", tell);
}
