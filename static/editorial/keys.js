// Keys of a form of the admin: Ctrl+S saves and comes back to the same place, ? lists the keys.
const form = document.querySelector("#content-main form");
const keys = document.getElementById("keys");
const opener = document.getElementById("open-keys");
const PLACE = "place-in-form";
const isField = (element) => element.matches("input, textarea, select, [contenteditable]");

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
  if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    const save = form?.querySelector("[name=_save]");
    if (!save) return;
    event.preventDefault();
    rememberPlace();
    form.requestSubmit(save);
  } else if (event.key === "?" && !isField(event.target)) {
    event.preventDefault();
    keys.showModal();
  }
});
opener?.addEventListener("click", () => keys.showModal());
returnToPlace();
