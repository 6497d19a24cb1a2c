// The parts of a record in its form: moved by buttons, keys and dragging, taken out and put back.
// Django's script counts forms by their place, so no form leaves the page: a new part that is taken
// out is marked as deleted, as one that was saved is.
const said = document.getElementById("parts-said");
const GROUP = ".inline-group[data-inline-type=stacked]";
const PART = ".inline-related:not(.empty-form)";
const EDGE = 70; // pixels from the edge of the window where dragging scrolls
const MOST_OF_NAME = 60; // characters
const STEP = 14; // pixels of one such scroll

const partsOf = (group) => [...group.querySelectorAll(PART)];
const groupOf = (part) => part.closest(GROUP);
const orderOf = (part) => part.querySelector("input[name$='-order']");
const deletionOf = (part) => part.querySelector("input[name$='-DELETE']");
const isRemoved = (part) => part.classList.contains("is-removed");
const tell = (field) => field.dispatchEvent(new Event("change", { bubbles: true }));
const nameOf = (part) => {
  const title = part.querySelector(".vTextField")?.value.trim();
  return title || part.querySelector("h3 .inline_label").textContent.trim();
};
const place = (part, before) => groupOf(part).querySelector("fieldset").insertBefore(part, before);

// The numbers that are there, in the order of the parts: those that stay in place keep theirs.
const number = (group) => {
  const fields = partsOf(group).map(orderOf);
  const numbers = fields.map((field) => Number(field.value)).sort((one, other) => one - other);
  const areDistinct = new Set(numbers).size === numbers.length;
  fields.forEach((field, at) => {
    const value = String(areDistinct ? numbers[at] : at + 1);
    if (field.value === value) return;
    field.value = value;
    tell(field);
  });
  arrangeContents(group);
};
const lineOf = (part) => document.querySelector(`.form-contents a[href="#${part.id}"]`);
const arrangeContents = (group) => {
  for (const part of partsOf(group)) {
    const line = lineOf(part)?.parentElement;
    line?.parentElement.append(line);
  }
};
// A part that was not saved yet goes by its heading as soon as it has one.
const isNew = (part) => !part.classList.contains("has_original");
const showName = (part) => {
  const label = part.querySelector("h3 .inline_label");
  part.dataset.number ??= label.textContent.trim();
  const name = part.querySelector(".vTextField")?.value.trim() || part.dataset.number;
  label.textContent = name;
  const line = lineOf(part);
  if (line) line.textContent = name.length > MOST_OF_NAME ? `${name.slice(0, MOST_OF_NAME - 1)}…` : name;
};
const addLine = (part) => {
  const whole = document.querySelector(`.form-contents a[href="#${groupOf(part).id}"]`)?.parentElement;
  if (!whole || lineOf(part)) return;
  if (!whole.querySelector("ul")) whole.append(document.createElement("ul"));
  const line = document.createElement("li"),
    link = document.createElement("a");
  link.href = `#${part.id}`;
  line.append(link);
  whole.querySelector("ul").append(line);
  showName(part);
};
// After a save that failed the forms stand as they were sent, and not by their numbers.
const arrange = (group) => {
  const parts = partsOf(group),
    sorted = [...parts].sort((one, other) => orderOf(one).value - orderOf(other).value);
  if (parts.some((part, at) => part !== sorted[at]))
    for (const part of sorted) place(part, group.querySelector(".empty-form"));
  arrangeContents(group);
};

const move = (part, step) => {
  const others = partsOf(groupOf(part)).filter((one) => one === part || !isRemoved(one)),
    at = others.indexOf(part),
    other = others[at + step];
  if (!other) return;
  const focused = document.activeElement;
  place(part, step < 0 ? other : other.nextElementSibling);
  number(groupOf(part));
  focused.focus({ preventScroll: true });
  for (const one of partsOf(groupOf(part))) one.classList.toggle("is-moved", one === part);
  focused.scrollIntoView({ block: "center" });
  said.textContent = `“${nameOf(part)}” is ${at + step + 1} of ${others.length} now.`;
};

// Taken out, and put back
const show = (part) => {
  const field = deletionOf(part),
    removed = field.type === "checkbox" ? field.checked : Boolean(field.value);
  part.classList.toggle("is-removed", removed);
  lineOf(part)?.classList.toggle("is-removed", removed);
  part.querySelector(".part-removed").hidden = !removed;
  part.querySelector(".part-removed b").textContent = nameOf(part);
};
const mark = (part, removed) => {
  const field = deletionOf(part);
  if (field.type === "checkbox") field.checked = removed;
  else field.value = removed ? "on" : "";
  tell(field);
  part.querySelector(removed ? ".part-undo" : ".part-remove").focus();
  said.textContent = `“${nameOf(part)}” is ${removed ? "taken out. Nothing is saved yet" : "back"}.`;
};

// Dragging: the parts are closed meanwhile, so that their rows lie close together.
let dragged = null; // { part, before, y }
const follow = (y) => {
  const { part } = dragged;
  for (const other of partsOf(groupOf(part))) {
    const { top, height } = other.getBoundingClientRect(),
      isEarlier = other.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING;
    if (other === part) continue;
    if (isEarlier && y < top + height / 2) return place(part, other);
    if (!isEarlier && y > top + height / 2 && y < top + height) return place(part, other.nextElementSibling);
  }
};
const scrollAtEdge = () => {
  if (!dragged) return;
  const step = dragged.y < EDGE ? -STEP : dragged.y > innerHeight - EDGE ? STEP : 0;
  if (step) {
    scrollBy(0, step);
    follow(dragged.y);
  }
  requestAnimationFrame(scrollAtEdge);
};
const startDragging = (event) => {
  const part = event.target.closest(PART),
    group = groupOf(part),
    top = part.getBoundingClientRect().top;
  dragged = { part, before: part.nextElementSibling, y: event.clientY };
  group.classList.add("is-dragging");
  part.classList.add("is-dragged");
  scrollBy(0, part.getBoundingClientRect().top - top);
  event.target.setPointerCapture(event.pointerId);
  event.preventDefault();
  scrollAtEdge();
};
const endDragging = (isKept) => {
  if (!dragged) return;
  const { part, before } = dragged,
    group = groupOf(part);
  dragged = null;
  if (!isKept) place(part, before);
  group.classList.remove("is-dragging");
  part.classList.remove("is-dragged");
  part.scrollIntoView({ block: "nearest" });
  if (isKept) number(group);
};

const equip = (part) => {
  const isOrdered = Boolean(orderOf(part)),
    canMove = isOrdered && groupOf(part).querySelector(".empty-form, .inline-related ~ .inline-related");
  part.querySelector(".part-tools").hidden = false;
  for (const name of ["grip", "up", "down"]) part.querySelector(`.part-${name}`).hidden = !canMove;
  const canRemove = Boolean(deletionOf(part));
  part.querySelector(".part-remove").hidden = !canRemove;
  if (canRemove) show(part);
  if (isNew(part)) addLine(part);
};
document.addEventListener("input", ({ target }) => {
  const part = target.closest(PART);
  if (part && isNew(part) && part.querySelector(".part-tools") && target.matches(".vTextField")) showName(part);
});
const ACTIONS = {
  "part-up": (part) => move(part, -1),
  "part-down": (part) => move(part, 1),
  "part-remove": (part) => mark(part, true),
  "part-undo": (part) => mark(part, false),
};
document.addEventListener("click", ({ target }) => {
  const button = target.closest("button[class^=part-]");
  if (button) ACTIONS[button.className](button.closest(PART));
});
document.addEventListener("keydown", (event) => {
  const part = event.target.closest?.(PART),
    step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.key === "Escape") endDragging(false);
  if (!part || !step || !event.altKey || !orderOf(part) || event.target.matches("select, [role=combobox]")) return;
  event.preventDefault();
  move(part, step);
});
document.addEventListener("pointerdown", (event) => {
  if (event.target.matches?.(".part-grip") && event.isPrimary && !event.button) startDragging(event);
});
document.addEventListener("pointermove", ({ clientY }) => {
  if (!dragged) return;
  dragged.y = clientY;
  follow(clientY);
});
document.addEventListener("pointerup", () => endDragging(true));
document.addEventListener("pointercancel", () => endDragging(false));
// What was kept on this device is brought back by changing the fields.
document.addEventListener("change", ({ target }) => {
  const part = target.closest(PART);
  if (!part || !target.name) return;
  if (target.name.endsWith("-DELETE")) show(part);
  if (isNew(part) && lineOf(part)) showName(part);
  if (target.name.endsWith("-order")) queueMicrotask(() => arrange(groupOf(part)));
});
document.addEventListener("formset:added", ({ target }) => {
  if (target.closest(GROUP) && target.querySelector(".part-tools")) equip(target);
});
for (const group of document.querySelectorAll(GROUP)) {
  if (!group.querySelector(".part-tools")) continue;
  group.classList.add("is-arranged");
  partsOf(group).forEach(equip);
  if (partsOf(group).every(orderOf)) arrange(group);
}
