// A text that may be only so long says below its field how long it is. Nothing is cut: what is too
// long is refused when it is sent. The server counts whole characters too, and a line break as one.
const TOLD_FROM = 0.75; // of the length

const countLetters = (text) => [...text].length;

const findCounter = (field) => {
  const id = `${field.id}-length`;
  const found = document.getElementById(id);
  if (found) return found;
  const counter = document.createElement("p");
  counter.id = id;
  counter.className = "text-length";
  field.after(counter);
  const described = field.getAttribute("aria-describedby");
  field.setAttribute("aria-describedby", described ? `${described} ${id}` : id);
  return counter;
};

const tellLength = (field) => {
  const longest = Number(field.dataset.longest);
  const length = countLetters(field.value);
  const counter = findCounter(field);
  const over = length - longest;
  counter.hidden = length < longest * TOLD_FROM;
  counter.classList.toggle("is-over", over > 0);
  counter.textContent =
    over > 0
      ? `${length} of ${longest} characters: ${over} too many. Shorten it, or it is not saved.`
      : `${length} of ${longest} characters`;
};

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-longest]")) tellLength(target);
});
for (const field of document.querySelectorAll("[data-longest]")) {
  if (countLetters(field.value) > Number(field.dataset.longest)) tellLength(field);
}
