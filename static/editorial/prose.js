// Prose in a form of the admin: tools above each text, lists to choose from while somebody types,
// and below it how the text reads. What is put in goes the browser's own way, so it can be undone.
const template = document.getElementById("prose-tools");
const said = document.getElementById("prose-said");
const part = (name) => template.content.querySelector(`.prose-${name}`).cloneNode(true);
const picker = part("picker");
const list = picker.querySelector("[role=listbox]");
// What was typed last on the line of the caret, and the list that it opens.
const LISTS = {
  source: { opener: "[^", typed: /\[\^([^\][\n]{0,60})$/, rest: /^[^\s\]]*\]/ },
  term: { opener: "[[", typed: /\[\[([^\][|\n]{0,60})$/, rest: /^[^\s\]]*\]\]/ },
  number: { opener: "{{", typed: /\{\{(?:finding:|status:)?([^{}|\n]{0,60})$/, rest: /^[^\s}]*\}\}/ },
  callout: { opener: ":::", typed: /^:::[ \t]*([\w-]{0,30})$/, rest: /^/ },
  page: { opener: "/", typed: /(?:^|[\s(])\/((?!\s)[^\n/()]{0,40})$/, rest: /^/ },
};
const NAMES = { source: "Sources", term: "Terms", number: "Numbers", callout: "Boxes", page: "Pages" };
const MOST_TEXT = 60_000; // characters: what a text may have
const later = (wait, act) => {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(act, wait, ...given);
  };
};
const say = (words) => {
  if (said.textContent !== words) said.textContent = words;
};

// Replaces a piece of the text, and leaves the caret behind it or at `caret`.
const put = (field, from, to, text, caret = from + text.length) => {
  field.focus();
  field.setSelectionRange(from, to);
  document.execCommand(text ? "insertText" : "delete", false, text);
  field.setSelectionRange(caret, caret);
};

// A copy of the text, laid out as in the field: `act` gets the mark round what stands there.
const COPIED = ["font", "letterSpacing", "padding", "boxSizing", "tabSize"];
const atPlace = (field, from, to, act) => {
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

// The list
let open = null; // { field, kind, start, caret, words, instead }: `instead` are words that were marked
let left = null; // { field, start }: a list that was closed stays closed
const options = () => [...list.children];
// Within the list alone: the page, with the line that is typed, stays where it is.
const scrollTo = (option) => {
  const { top, bottom } = option.getBoundingClientRect(),
    sight = list.getBoundingClientRect();
  list.scrollTop += Math.min(0, top - sight.top) + Math.max(0, bottom - sight.bottom);
};
const activate = (option) => {
  for (const one of options()) one.setAttribute("aria-selected", one === option);
  if (!option) return open.field.removeAttribute("aria-activedescendant");
  scrollTo(option);
  open.field.setAttribute("aria-activedescendant", option.id);
};
const active = () => list.querySelector("[aria-selected=true]");
const close = () => {
  if (!open) return;
  open.field.removeAttribute("aria-activedescendant");
  open.field.removeAttribute("aria-controls");
  picker.hidden = true;
  open = null;
  say("");
};
// Whether the caret was moved out of what opened the list.
const closeIfLeft = () => {
  const isLeft = open && (open.field.selectionStart !== open.caret || open.field.selectionEnd !== open.caret);
  if (isLeft) close();
  return isLeft;
};
const isBoxOpen = (text) =>
  (text.match(/^:::.*$/gm) ?? []).reduce((depth, fence) => depth + (/^:+\s*$/.test(fence) ? -1 : 1), 0) > 0;
const findOpening = (field) => {
  const caret = field.selectionStart;
  if (caret !== field.selectionEnd) return;
  const lineStart = field.value.lastIndexOf("\n", caret - 1) + 1,
    line = field.value.slice(Math.max(lineStart, caret - 200), caret);
  const found = Object.entries(LISTS).flatMap(([kind, { opener, typed }]) => {
    const [whole, words] = line.match(typed) ?? [];
    if (!whole || (kind === "callout" && isBoxOpen(field.value.slice(0, lineStart)))) return [];
    return [{ field, kind, caret, start: caret - whole.length + whole.indexOf(opener), words: words.trim() }];
  });
  return found.sort((one, other) => other.start - one.start)[0]; // The sign that was typed last.
};
const follow = (field, instead = "") => {
  const found = findOpening(field);
  if (!found || (left?.field === field && left.start === found.start)) {
    if (!found) left = null;
    return close();
  }
  const isSame = open?.field === field && open.start === found.start;
  open = { ...found, instead: instead || (isSame ? open.instead : "") };
  fill(open);
};
const answers = new Map();
// A record that was added in another tab is found on the way back.
addEventListener("focus", () => answers.clear());
const fetchChoices = async ({ kind, words }) => {
  const address = `${template.dataset.choices.replace("/kind/", `/${kind}/`)}?${new URLSearchParams({ q: words })}`;
  if (!answers.has(address)) {
    const answer = await fetch(address, { redirect: "manual" });
    if (!answer.ok) throw new Error(answer.status);
    answers.set(address, await answer.text());
  }
  return answers.get(address);
};
const fill = later(120, async (asked) => {
  let html = "",
    failed = "";
  try {
    html = await fetchChoices(asked);
  } catch {
    failed = "The list cannot be loaded. Go on typing; save, and sign in again.";
  }
  if (open !== asked || closeIfLeft()) return;
  list.innerHTML = html;
  const count = options().length;
  if (!count && asked.kind === "page") return close();
  const isNone = options()[0]?.dataset.address;
  const told =
    failed ||
    (isNone ? options()[0].innerText : "") ||
    (count ? `${NAMES[asked.kind]}: ${count}.` : "Nothing is called so. Try fewer letters.");
  picker.querySelector(".prose-keys").hidden = !count;
  if (!count) list.textContent = told;
  say(told);
  list.setAttribute("aria-label", NAMES[asked.kind]);
  show();
  activate((asked.words || asked.kind === "callout") && !isNone ? options()[0] : null);
});
// What can be seen of the window: neither under a bar that stays there nor under a phone's keyboard.
const findSight = () => {
  const { offsetTop = 0, height = innerHeight } = window.visualViewport ?? {},
    sight = { top: offsetTop, bottom: offsetTop + height };
  for (const bar of document.querySelectorAll(".form-bar, .form-bar-verbs, .typed:not([hidden])")) {
    const { top, bottom } = bar.getBoundingClientRect(),
      { position } = getComputedStyle(bar);
    if (position === "sticky" && bar.className === "form-bar") sight.top = Math.max(sight.top, bottom);
    if (position === "fixed") sight.bottom = Math.min(sight.bottom, top);
  }
  return sight;
};
const SPACE = 4; // pixels between the list and the line that is typed, and the edge of what is seen
const ROOM = 160; // pixels: three rows. Where there is less, the page is scrolled.
// Below the line that is typed, or above it where that is more: never over it, never out of sight.
const placePicker = (box, mark) => {
  list.style.maxBlockSize = "";
  const { top, bottom } = findSight(),
    { offsetHeight: needed } = picker,
    find = () => mark.getBoundingClientRect();
  if (Math.max(find().top - top, bottom - find().bottom) < Math.min(needed, ROOM))
    scrollBy(0, find().top - top - SPACE);
  const { top: above, bottom: below, left } = find(),
    isBelow = bottom - below >= Math.min(needed + 2 * SPACE, above - top),
    room = (isBelow ? bottom - below : above - top) - 2 * SPACE - (needed - list.offsetHeight);
  list.style.maxBlockSize = `${Math.min(list.offsetHeight, room)}px`;
  const place = box.getBoundingClientRect(),
    start = isBelow ? below + SPACE : above - SPACE - picker.offsetHeight;
  picker.style.insetBlockStart = `${start - place.top}px`;
  const right = Math.max(0, box.clientWidth - picker.offsetWidth);
  picker.style.insetInlineStart = `${Math.min(Math.max(0, left - place.left), right)}px`;
};
const show = () => {
  const { field, start, caret } = open,
    box = field.closest(".prose");
  box.append(picker);
  picker.hidden = false;
  field.setAttribute("aria-controls", list.id);
  atPlace(field, start, caret, (mark) => placePicker(box, mark));
};
// The keyboard of a phone comes and goes.
window.visualViewport?.addEventListener("resize", () => {
  if (open && !picker.hidden) show();
});
// Words that were marked stay the words that readers see.
const writeOut = ({ kind, instead }, text) => {
  if (instead && kind === "term") return text.replace(/^\[\[([^|\]]*).*/, `[[$1|${instead}]]`);
  if (instead && kind === "page") return text.replace(/^\[.*\]\(/, `[${instead}](`);
  if (instead && kind === "callout") return text.replace("\n\n:::", () => `\n${instead.trim()}\n:::`);
  return text;
};
const choose = (option) => {
  if (option.dataset.address) return globalThis.open(option.dataset.address, "_blank", "noopener");
  const { field, kind, start } = open,
    value = field.value,
    isTarget = kind === "page" && value.slice(0, start).endsWith("](");
  let text = writeOut(open, option.dataset.text),
    end = field.selectionEnd,
    lead = "";
  end += value.slice(end).match(LISTS[kind].rest)?.[0].length ?? 0;
  if (isTarget) text = text.match(/\]\((.*)\)$/)[1];
  if ("block" in option.dataset) {
    lead = /(^|\n\n)$/.test(value.slice(0, start)) ? "" : value[start - 1] === "\n" ? "\n" : "\n\n";
    text += /^(\n\n|\s*$)/.test(value.slice(end)) ? "" : value[end] === "\n" ? "\n" : "\n\n";
  }
  const inner = text.indexOf("\n\n:::"),
    caret = start + lead.length + (inner < 0 ? text.trimEnd().length : inner + 1);
  const label = option.firstElementChild.textContent;
  close();
  put(field, start, end, lead + text, caret);
  say(`${label} is in the text.`);
};
const leave = () => {
  const { field, start, instead } = open;
  left = { field, start };
  close();
  if (instead) put(field, start, field.selectionEnd, instead);
};
const MOVES = { ArrowDown: 1, ArrowUp: -1 };
const useList = (event) => {
  if (!open || picker.hidden || event.isComposing) return;
  const all = options().filter((one) => one.id);
  if (event.key in MOVES && all.length) {
    const at = all.indexOf(active()),
      step = MOVES[event.key];
    activate(all[(at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length]);
  } else if ((event.key === "Enter" || event.key === "Tab") && active()) choose(active());
  else if (event.key === "Escape") leave();
  else return;
  event.preventDefault();
  event.stopPropagation();
};
picker.addEventListener("mousedown", (event) => event.preventDefault());
picker.addEventListener("click", ({ target }) => {
  const option = target.closest("[role=option]");
  if (option) choose(option);
});

// The tools
const wrap = (field, sign) => {
  const { value, selectionStart: from, selectionEnd: to } = field,
    words = value.slice(from, to),
    isWrapped = value.slice(from - sign.length, from) === sign && value.startsWith(sign, to);
  if (isWrapped) put(field, from - sign.length, to + sign.length, words);
  else put(field, from, to, sign + words + sign, words ? to + 2 * sign.length : from + sign.length);
};
const startLines = (field, sign) => {
  const from = field.value.lastIndexOf("\n", field.selectionStart - 1) + 1,
    next = field.value.indexOf("\n", field.selectionEnd),
    to = next < 0 ? field.value.length : next,
    lines = field.value.slice(from, to).split("\n"),
    isSet = lines.every((line) => line.startsWith(sign));
  const text = lines.map((line) => (isSet ? line.slice(sign.length) : sign + line)).join("\n");
  put(field, from, to, text);
};
// A box goes round whole lines.
const selectLines = (field) => {
  const { value, selectionStart: from, selectionEnd: to } = field;
  if (from === to) return;
  const next = value.indexOf("\n", to - 1);
  field.setSelectionRange(value.lastIndexOf("\n", from - 1) + 1, next < 0 ? value.length : next);
};
const openBy = (field, opener) => {
  if (opener === ":::") selectLines(field);
  const { value, selectionStart: from, selectionEnd: to } = field,
    marked = value.slice(from, to),
    words = opener === ":::" ? marked : marked.replaceAll("\n", " ").slice(0, 60),
    takesWords = words && ["[[", "/", ":::"].includes(opener),
    start = takesWords ? from : to,
    isBox = opener === ":::" && value.slice(0, start) && value[start - 1] !== "\n",
    needsSpace = opener === "/" && value.slice(0, start) && /[^\s(]/.test(value[start - 1]);
  const lead = isBox ? "\n\n" : needsSpace ? " " : "";
  left = null;
  put(field, start, to, lead + opener + (opener === "[[" ? words : ""));
  follow(field, takesWords ? words : "");
};
const useTool = (field, { wrap: sign, line, opens }) => {
  if (sign) wrap(field, sign);
  else if (line) startLines(field, line);
  else openBy(field, opens);
};
const KEYS = { b: { wrap: "**" }, i: { wrap: "*" }, k: { opens: "/" } };
const useKeys = (event) => {
  const tool = KEYS[event.key.toLowerCase()];
  if (!tool || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  event.preventDefault();
  useTool(event.target, tool);
};
// One stop of the Tab key; arrows lead from tool to tool (the toolbar pattern of ARIA).
const moveAmongTools = (event) => {
  const all = [...event.currentTarget.querySelectorAll("button")],
    at = all.indexOf(document.activeElement);
  const places = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 };
  if (!(event.key in places)) return;
  event.preventDefault();
  const next = all[(places[event.key] + all.length) % all.length];
  for (const one of all) one.tabIndex = one === next ? 0 : -1;
  next.focus();
};

// How it reads
const measure = async (field) => {
  const box = field.closest(".prose").querySelector(".prose-measures"),
    body = new FormData();
  if (!field.value.trim() || field.value.length > MOST_TEXT) return box.replaceChildren();
  body.set("csrfmiddlewaretoken", field.form.elements.csrfmiddlewaretoken.value);
  body.set("text", field.value);
  body.set("slug", field.form.elements.slug?.value ?? "");
  try {
    const answer = await fetch(template.dataset.measures, { method: "POST", body, redirect: "manual" });
    if (answer.ok) box.innerHTML = await answer.text();
  } catch {
    /* It is measured again when there is a connection. */
  }
};
const measureSoon = later(700, measure);
const GAP = "[^\\p{L}\\p{N}]{1,9}(?:[^\\s|]{1,80}\\|)?";
const selectSentence = (field, sentence) => {
  const words = (sentence.match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, 5),
    found = new RegExp(words.join(GAP), "iu").exec(field.value);
  field.focus();
  if (!found) return;
  const past = found.index + found[0].length,
    end = past + field.value.slice(past).search(/[.!?](?=[\s[”"’)]|$)|\n|$/) + 1;
  field.setSelectionRange(found.index, Math.min(end, field.value.length));
  showPlace(field, found.index);
};
const showPlace = (field, place) => {
  atPlace(field, place, place, (mark, mirror) => {
    field.scrollTop += mirror.offsetTop + mark.offsetTop - field.offsetTop - field.clientHeight / 3;
  });
  atPlace(field, place, place, (mark) => mark.scrollIntoView({ block: "center" }));
};

// A finding leads to the words that it quotes, and marks their line.
const selectQuoted = (field, quoted) => {
  const words = quoted.replace(/…$/, "").split(/\s+/).map(escapePattern),
    found = new RegExp(words.join("\\s+")).exec(field.value);
  if (!found) return selectSentence(field, quoted);
  field.focus();
  const end = field.value.indexOf("\n", found.index + found[0].length - 1);
  field.setSelectionRange(found.index, end < 0 ? field.value.length : end);
  showPlace(field, found.index);
};
const escapePattern = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-text]"),
    field = link && document.getElementById(link.hash.slice(1));
  if (!link?.dataset.text || !field?.matches("textarea[data-prose]")) return;
  event.preventDefault();
  for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  selectQuoted(field, link.dataset.text);
});

const equip = (field) => {
  if (field.closest(".prose") || field.name.includes("__prefix__")) return;
  const box = document.createElement("div"),
    tools = part("tools");
  box.className = "prose";
  field.before(box);
  box.append(tools, field, part("measures"));
  const label = field.labels[0]?.innerText.replace(/:$/, "") ?? "Text";
  tools.setAttribute("aria-label", `Tools: ${label}`);
  tools.setAttribute("aria-controls", field.id);
  const [first, ...others] = tools.querySelectorAll("button");
  first.tabIndex = 0;
  for (const button of others) button.tabIndex = -1;
  tools.addEventListener("keydown", moveAmongTools);
  tools.addEventListener("mousedown", (event) => event.preventDefault());
  tools.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) useTool(field, button.dataset);
  });
  box.querySelector(".prose-measures").addEventListener("click", ({ target }) => {
    if (target.dataset.sentence) selectSentence(field, target.dataset.sentence);
  });
  field.addEventListener("keydown", useList);
  field.addEventListener("keydown", useKeys);
  field.addEventListener("input", () => {
    follow(field);
    measureSoon(field);
  });
  field.addEventListener("focus", () => {
    follow(field);
    measureSoon(field);
  });
  for (const kind of ["keyup", "mouseup"]) field.addEventListener(kind, closeIfLeft);
  field.addEventListener("blur", close);
};
const equipAll = (within) => within.querySelectorAll("textarea[data-prose]").forEach(equip);
equipAll(document);
document.addEventListener("formset:added", ({ target }) => equipAll(target));
