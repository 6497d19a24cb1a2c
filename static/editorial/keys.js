// Keys of a form of the admin: Ctrl+S saves and comes back to the same place, Ctrl+Enter sends for
// review, F6 goes from region to region, ? lists the keys.
const form = document.querySelector("#content-main form");
const keys = document.getElementById("keys");
const opener = document.getElementById("open-keys");
const PLACE = "place-in-form";
const isField = (element) => element.matches("input, textarea, select, [contenteditable]");
const BUTTONS = { s: "_save", enter: "_submit" };
const REGIONS = [".form-contents", "#content-main form", "#typed", ".form-bar"];
const FOCUSABLE = "a[href], summary, button, select, textarea, input:not([type=hidden])";

const goToNextRegion = () => {
  const regions = REGIONS.map((one) => document.querySelector(one)).filter((one) => one?.checkVisibility());
  const at = regions.findIndex((one) => one.contains(document.activeElement));
  const next = regions[(at + 1) % regions.length];
  [...next.querySelectorAll(FOCUSABLE)].find((one) => one.checkVisibility())?.focus();
};
const rememberPlace = () => {
  const { name, selectionStart: caret } = document.activeElement;
  try {
    sessionStorage.setItem(PLACE, JSON.stringify({ at: location.pathname, name, caret, top: scrollY }));
  } catch {
    /* it opens at its top */
  }
};
const returnToPlace = () => {
  let place = null;
  try {
    place = JSON.parse(sessionStorage.getItem(PLACE));
    sessionStorage.removeItem(PLACE);
  } catch {
    /* it opens at its top */
  }
  if (place?.at !== location.pathname) return;
  const field = place.name && form.elements[place.name];
  if (!field?.focus) return;
  field.focus({ preventScroll: true });
  if (field.matches("textarea")) field.setSelectionRange(place.caret, place.caret);
  scrollTo(0, place.top);
};

document.addEventListener("keydown", (event) => {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey,
    name = isCommand && BUTTONS[event.key.toLowerCase()];
  if (name) {
    const button = document.querySelector(`[name=${name}]`);
    if (!button) return;
    event.preventDefault();
    rememberPlace();
    form.requestSubmit(button);
  } else if (event.key === "F6") {
    event.preventDefault();
    goToNextRegion();
  } else if (event.key === "?" && !isField(event.target)) {
    event.preventDefault();
    keys.showModal();
  }
});
if (opener) {
  opener.hidden = false;
  opener.addEventListener("click", () => keys.showModal());
}
returnToPlace();
