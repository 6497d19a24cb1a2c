// The frame of a form of the admin: its menus close, its list of parts tells where one is, and a
// part that is closed shows its first words.
const MARKS = /\[\^[^\]\n]*\]|\{\{[^}\n]*\}\}|^[#>*: -]+|[*_`]|\[\[|\]\]/gm;
const FIRST_WORDS = 140; // characters

// The address may lead to a part of the form: what has to be put right comes first.
const errors = document.getElementById("form-errors");
if (errors) {
  location.replace("#form-errors");
  errors.focus();
}

// A new record begins with its first empty field; its address is made for whoever types none. The Enter key does not
// send what nobody typed into.
const unsaved = document.querySelector(".form-bar[data-new]") && document.querySelector("#content-main form");
if (unsaved) {
  const typed = "textarea, input:not([type=hidden], [type=checkbox], [type=radio], [type=file], [type=submit])";
  const fields = [...unsaved.elements].filter((field) => field.matches(typed) && field.offsetParent);
  const first = fields.find((field) => !field.value && field.name !== "slug");
  if (!location.hash) first?.focus({ preventScroll: true });
  unsaved.addEventListener("keydown", (event) => {
    const isUntouched = fields.every((field) => field.value === field.defaultValue);
    if (event.key === "Enter" && event.target.matches("input") && isUntouched) event.preventDefault();
  });
}

// A live region tells what changes in it, and not what it began with.
const said = document.getElementById("form-said");
if (said) {
  setTimeout(() => {
    for (const line of said.querySelectorAll("[role]")) line.replaceChildren(...line.cloneNode(true).childNodes);
  }, 500);
  const close = document.getElementById("close-said");
  close.hidden = false;
  close.addEventListener("click", () => {
    said.remove();
    document.getElementById("content-start").focus({ preventScroll: true });
  });
}

const menus = () => document.querySelectorAll(".form-menu[open]");
document.addEventListener("click", ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target) || target.closest("a")) menu.open = false;
});
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const menu of menus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

const showFirstWords = (part) => {
  const texts = [...part.querySelectorAll("textarea")].map((field) => field.value.trim());
  const words = (texts.find(Boolean) ?? "").replace(MARKS, "").replace(/\s+/g, " ").trim();
  if (words)
    part.querySelector(".first-words").textContent =
      words.length > FIRST_WORDS ? `${words.slice(0, FIRST_WORDS - 1)}…` : words;
};
// "toggle" does not bubble
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.matches(".part") && !target.open) showFirstWords(target);
  },
  true,
);

// The line of the list of parts whose part is the last one that begins above the middle of the screen
const markPlace = () => {
  const lines = [...document.querySelectorAll(".form-contents a")];
  const known = lines.filter((line) => document.getElementById(line.hash.slice(1)));
  const isAbove = (line) => document.getElementById(line.hash.slice(1)).getBoundingClientRect().top < innerHeight / 2;
  const here = known.filter(isAbove).pop() ?? known[0];
  for (const line of lines) {
    if (line === here) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
};
if (document.querySelector(".form-contents")) {
  let isWaiting = false;
  addEventListener(
    "scroll",
    () => {
      if (isWaiting) return;
      isWaiting = true;
      requestAnimationFrame(() => {
        isWaiting = false;
        markPlace();
      });
    },
    { passive: true },
  );
  markPlace();
}
