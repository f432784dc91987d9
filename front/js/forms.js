/* What was typed is never lost: failed requests leave the form alone, and <form data-keep="name"> survives a sign-in. */
import { say } from "./toasts.js";

const shelf = (form) => `keep:${form.dataset.keep}`;
const keepable = (field) => field.name && !["password", "file", "hidden"].includes(field.type);

function remember(form) {
  const typed = [...form.elements].filter(keepable).map((field) => [field.name, field.type, field.value, field.checked]);
  sessionStorage.setItem(shelf(form), JSON.stringify(typed));
}

function restore(form) {
  const stored = sessionStorage.getItem(shelf(form));
  if (!stored) return;
  for (const [name, type, value, checked] of JSON.parse(stored)) {
    const fields = [...form.elements].filter((field) => field.name === name);
    const ticks = type === "checkbox" || type === "radio";
    const field = ticks ? fields.find((one) => one.value === value) : fields[0];
    if (field && ticks) field.checked = checked;
    else if (field) field.value = value;
  }
}

/** True when this page follows a sign-in page, so that a form sent just before it was never saved. */
function cameFromSignIn() {
  const login = document.body.dataset.login;
  if (!login || !document.referrer) return false;
  return new URL(document.referrer).pathname.startsWith(login.split("/", 2).join("/"));
}

function settle() {
  const sent = sessionStorage.getItem("keep-sent");
  if (sent && document.body.dataset.member !== undefined && !cameFromSignIn()) sessionStorage.removeItem(sent);
  if (document.body.dataset.member !== undefined) sessionStorage.removeItem("keep-sent");
  document.querySelectorAll("form[data-keep]").forEach(restore);
}

function csrf(event) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
}

function refuseSignInPage(event) {
  const { xhr } = event.detail;
  const login = document.body.dataset.login;
  if (!login || !xhr.responseURL || new URL(xhr.responseURL).pathname !== login) return;
  event.detail.shouldSwap = false;
  say("You were signed out. What you typed is still here; sign in in another tab, then try again.", { seconds: 30 });
}

export function startForms() {
  settle();
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form) remember(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-keep]")) sessionStorage.setItem("keep-sent", shelf(event.target));
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
  });
  document.addEventListener("htmx:configRequest", csrf);
  document.addEventListener("htmx:beforeSwap", refuseSignInPage);
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    say(status === 403 ? "You may read this but not change it." : `That did not go through (${status}). What you typed is still here.`);
  });
  document.addEventListener("htmx:sendError", () => say("No connection. What you typed is still here; try again in a moment."));
}
