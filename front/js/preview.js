/* <form data-preview="id">: the frame in that section shows what is typed, through the real page. Nothing is saved. */
const QUIET_MS = 250;

function wanted(form, link) {
  const typed = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "csrfmiddlewaretoken") typed.append(name, value);
  }
  return `${link.getAttribute("href")}?${typed}`;
}

/** The chosen file as the page's logo: it has no address before it is saved. */
function putLogo(form, frame) {
  const file = form.querySelector('input[type="file"]')?.files?.[0];
  const house = frame.contentDocument?.querySelector(".house");
  if (!file || !house) return;
  const reader = new FileReader();
  reader.addEventListener("load", () => {
    const picture = frame.contentDocument.createElement("img");
    picture.height = 28;
    picture.alt = house.textContent.trim();
    picture.src = reader.result;
    house.replaceChildren(picture);
  });
  reader.readAsDataURL(file);
}

function follow(form, section) {
  const frame = section.querySelector("iframe");
  const links = [...section.querySelectorAll("a[target]")];
  const current = () => links.find((link) => link.hasAttribute("aria-current")) ?? links[0];
  // Replaced, not opened: the way back leads out of the settings, not through every keystroke.
  const show = () => frame.contentWindow.location.replace(new URL(wanted(form, current()), location.href));
  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, QUIET_MS);
  });
  frame.addEventListener("load", () => putLogo(form, frame));
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      links.forEach((one) => one.removeAttribute("aria-current"));
      link.setAttribute("aria-current", "true");
      show();
    });
  }
}

export function startPreviews() {
  document.querySelectorAll("form[data-preview]").forEach((form) => {
    const section = document.getElementById(form.dataset.preview);
    if (section) follow(form, section);
  });
}
