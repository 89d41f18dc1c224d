// Keys of the page of a review, the same as in `rung review`. Every key presses a button that is on the page: without this file the buttons do the same.
const form = () => document.getElementById("verdict");
const comment = () => document.getElementById("comment");
let first = null; // The first of two keys: 1, 2, =, r.

function choose(key) {
  first = key;
  for (const group of document.querySelectorAll("[data-first]")) group.classList.toggle("chosen", group.dataset.first === key);
  const now = document.getElementById("keys-now");
  if (!now) return;
  now.textContent = key === null ? ""
    : key === "r" ? "Rating? 1 to 5. Esc goes back."
    : key === "=" ? "No difference. g both are good enough, b neither is. Esc goes back."
    : `${key === "1" ? "Left" : "Right"} is better. g both are good enough, o only that one, b neither. Esc goes back.`;
}

const press = key => {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!target || target.disabled || target.closest("fieldset:disabled")) return false;
  target.click();
  return true;
};

document.addEventListener("keydown", event => {
  if (!document.getElementById("answers") && !document.querySelector("[data-key]")) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const writing = event.target.closest?.("input, textarea, select");
  if (event.key === "Escape") {
    if (writing) writing.blur();
    choose(null);
    return;
  }
  if (writing || event.repeat) return;
  const key = event.key === "0" ? "=" : event.key.toLowerCase();
  if (first !== null) {
    const second = event.key.toLowerCase();
    const done = first === "=" ? (second === "g" || second === "b") && press(second) : press(first + second);
    if (done) event.preventDefault();
    choose(null);
    return;
  }
  if (key === "c" && comment()) {
    comment().focus();
    event.preventDefault();
  } else if (key === "v" && document.querySelector(".answers.two")) {
    document.querySelector(".answers.two").classList.toggle("stacked");
  } else if (form() && (document.querySelector(`[data-first="${CSS.escape(key)}"]`) || key === "=" && document.querySelector('[data-first="1"]'))) {
    choose(key);
    event.preventDefault();
  } else if (press(key)) {
    event.preventDefault();
  }
});
