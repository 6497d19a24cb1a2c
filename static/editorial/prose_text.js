// The text of a field of prose: changed so that the browser can undo it, and found where it stands.

// Replaces a piece of the text, and leaves the caret behind it or at `caret`.
export const put = (field, from, to, text, caret = from + text.length) => {
  field.focus();
  field.setSelectionRange(from, to);
  document.execCommand(text ? "insertText" : "delete", false, text);
  field.setSelectionRange(caret, caret);
};

// A copy of the text, laid out as in the field: `act` gets the mark round what stands there.
const COPIED = ["font", "letterSpacing", "padding", "boxSizing", "tabSize"];
export const atPlace = (field, from, to, act) => {
  const mirror = document.createElement("div"),
    mark = document.createElement("span"),
    look = getComputedStyle(field);
  for (const name of COPIED) mirror.style[name] = look[name];
  mirror.className = "prose-mirror";
  mirror.style.inlineSize = `${field.clientWidth}px`;
  mirror.style.insetBlockStart = `${field.offsetTop + field.clientTop - field.scrollTop}px`;
  mirror.style.insetInlineStart = `${field.offsetLeft + field.clientLeft}px`;
  mark.textContent = field.value.slice(from, to) || "\u200b";
  mirror.append(field.value.slice(0, from), mark, field.value.slice(to));
  field.before(mirror);
  act(mark, mirror);
  mirror.remove();
};

// What can be seen of the window: neither under a bar that stays there nor under a phone's keyboard.
export const findSight = () => {
  const { offsetTop = 0, height = innerHeight } = window.visualViewport ?? {},
    sight = { top: offsetTop, bottom: offsetTop + height };
  for (const bar of document.querySelectorAll(".form-head, .form-said, .form-bar-verbs, .typed:not([hidden])")) {
    const { top, bottom } = bar.getBoundingClientRect(),
      { position } = getComputedStyle(bar);
    if (position === "sticky" && !bar.matches(".typed")) sight.top = Math.max(sight.top, bottom);
    if (position === "fixed") sight.bottom = Math.min(sight.bottom, top);
  }
  return sight;
};
