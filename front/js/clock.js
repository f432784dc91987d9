/* Time in words: every [data-deadline] counts down, every [data-wick] burns. Twice a minute is enough for minutes. */

const MINUTE = 60_000;
const pad = (number) => String(number).padStart(2, "0");

/** Milliseconds as "22 h 06", "54 min" or, from two days on, "3 days". Never negative: the caller knows about lateness. */
export function inWords(milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / MINUTE);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  if (hours === 0) return `${minutes} min`;
  return `${hours} h ${pad(minutes % 60)}`;
}

function tell(element, now) {
  const left = Date.parse(element.dataset.deadline) - now;
  if (Number.isNaN(left)) return;
  element.textContent = left >= 0 ? inWords(left) : `late by ${inWords(left)}`;
  element.classList.toggle("late", left < 0);
}

function burn(wick, now) {
  const start = Date.parse(wick.dataset.start);
  const end = Date.parse(wick.dataset.end);
  if (!(end > start)) return;
  const share = (time) => Math.min(Math.max(((time - start) / (end - start)) * 100, 0), 100);
  const gone = share(now);
  wick.querySelector(".gone").setAttribute("x2", gone);
  wick.querySelector(".left").setAttribute("x1", now > end ? 0 : gone);
  wick.classList.toggle("late", now > end);
  const notch = wick.querySelector(".send");
  const sendAt = Date.parse(wick.dataset.send);
  if (notch && !Number.isNaN(sendAt)) {
    notch.setAttribute("x1", share(sendAt));
    notch.setAttribute("x2", share(sendAt));
  }
}

export function tick(root = document, now = Date.now()) {
  root.querySelectorAll("time[data-deadline]").forEach((element) => tell(element, now));
  root.querySelectorAll("[data-wick]").forEach((wick) => burn(wick, now));
}

export function startClock() {
  tick();
  setInterval(tick, 30_000);
  document.addEventListener("htmx:load", (event) => tick(event.target.parentElement ?? document));
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}
