// The lists from which somebody chooses what to put into prose. A sign that is typed opens one, and
// what is typed behind it finds. A button opens one with a field of its own to find in: the text
// stays as it is until something is chosen.
import { later } from "./later.js";
import { atPlace, findSight, put } from "./prose_text.js";

const template = document.getElementById("prose-tools");
const said = document.getElementById("prose-said");
const picker = template.content.querySelector(".prose-picker").cloneNode(true);
const list = picker.querySelector("[role=listbox]");
const finder = picker.querySelector(".prose-find");
const search = finder.querySelector("input");
// What was typed last on the line of the caret, and the list that it opens.
const LISTS = {
  source: { opener: "[^", typed: /\[\^([^\][\n]{0,60})$/, rest: /^[^\s\]]*\]/ },
  term: { opener: "[[", typed: /\[\[([^\][|\n]{0,60})$/, rest: /^[^\s\]]*\]\]/ },
  number: { opener: "{{", typed: /\{\{(?:finding:|status:)?([^{}|\n]{0,60})$/, rest: /^[^\s}]*\}\}/ },
  callout: { opener: ":::", typed: /^:::[ \t]*([\w-]{0,30})$/, rest: /^/ },
  page: { opener: "/", typed: /(?:^|[\s(])\/(https?:\/\/[^\s()]{0,180}|(?!\s)[^\n/()]{0,40})$/, rest: /^/ },
};
const NAMES = { source: "Sources", term: "Terms", number: "Numbers", callout: "Boxes", page: "Pages" };
const ASKS = {
  source: "Find a source",
  term: "Find a term",
  number: "Find a number or a status",
  callout: "Choose a box",
  page: "Find a page or type https://…",
};
const NOTHING = {
  page: "No page is called so. For another website, type its whole address: https://…",
};
const say = (words) => {
  if (said.textContent !== words) said.textContent = words;
};

// { field, kind, start, end, words, instead, isAsked }: `start` to `end` is replaced by the choice,
// `instead` are marked words that stay in it, `isAsked` tells that a button opened the list.
let open = null;
let left = null; // { field, start }: a list that was closed stays closed
const options = () => [...list.children];
const focused = () => (open.isAsked ? search : open.field);
// Within the list alone: the page, with the line that is typed, stays where it is.
const scrollTo = (option) => {
  const { top, bottom } = option.getBoundingClientRect(),
    sight = list.getBoundingClientRect();
  list.scrollTop += Math.min(0, top - sight.top) + Math.max(0, bottom - sight.bottom);
};
const activate = (option) => {
  for (const one of options()) one.setAttribute("aria-selected", one === option);
  if (!option) return focused().removeAttribute("aria-activedescendant");
  scrollTo(option);
  focused().setAttribute("aria-activedescendant", option.id);
};
const active = () => list.querySelector("[aria-selected=true]");
// Closes the list and changes no text. The field hears of it by the event "list:closed".
const close = () => {
  if (!open) return;
  const { field } = open;
  focused().removeAttribute("aria-activedescendant");
  field.removeAttribute("aria-controls");
  search.setAttribute("aria-expanded", "false");
  picker.hidden = true;
  open = null;
  say("");
  field.dispatchEvent(new Event("list:closed"));
};
// The text was left: a list of a button has the focus then.
export const closeTyped = () => {
  if (!open?.isAsked) close();
};
// Whether the caret was moved out of what opened the list.
export const closeIfLeft = () => {
  const isLeft =
    open && !open.isAsked && (open.field.selectionStart !== open.end || open.field.selectionEnd !== open.end);
  if (isLeft) close();
  return isLeft;
};
// The text of a field without the sign that is being typed, and what is typed behind it.
export const getFinishedText = (field) =>
  open?.field === field && !open.isAsked ? field.value.slice(0, open.start) + field.value.slice(open.end) : field.value;

const isBoxOpen = (text) =>
  (text.match(/^:::.*$/gm) ?? []).reduce((depth, fence) => depth + (/^:+\s*$/.test(fence) ? -1 : 1), 0) > 0;
const findOpening = (field) => {
  const end = field.selectionStart;
  if (end !== field.selectionEnd) return;
  const lineStart = field.value.lastIndexOf("\n", end - 1) + 1,
    line = field.value.slice(Math.max(lineStart, end - 200), end);
  const found = Object.entries(LISTS).flatMap(([kind, { opener, typed }]) => {
    const [whole, words] = line.match(typed) ?? [];
    if (!whole || (kind === "callout" && isBoxOpen(field.value.slice(0, lineStart)))) return [];
    const start = end - whole.length + whole.indexOf(opener);
    return [{ field, kind, start, end, words: words.trim(), instead: "", isAsked: false }];
  });
  return found.sort((one, other) => other.start - one.start)[0]; // The sign that was typed last.
};
// Opens the list of the sign before the caret, or closes it where there is none.
export const follow = (field) => {
  const found = findOpening(field);
  if (!found || (left?.field === field && left.start === found.start)) {
    if (!found) left = null;
    return close();
  }
  if (open?.isAsked) close();
  open = found;
  fill(open);
};

// What a choice replaces, and the marked words that stay in it. A box goes round whole lines; a link
// and a term go round words of one paragraph.
const findMarked = ({ value, selectionStart: from, selectionEnd: to }, kind) => {
  const marked = value.slice(from, to);
  if (kind === "callout" && marked) {
    const next = value.indexOf("\n", to - 1),
      start = value.lastIndexOf("\n", from - 1) + 1,
      end = next < 0 ? value.length : next;
    return { start, end, instead: value.slice(start, end) };
  }
  const holdsWords = marked.trim() && !/\n\s*\n/.test(marked) && !(kind === "term" && /[|\]]/.test(marked));
  if (!holdsWords || !["term", "page"].includes(kind)) return { start: to, end: to, instead: "" };
  const words = marked.trim(),
    start = from + marked.indexOf(words);
  return { start, end: start + words.length, instead: words.replace(/\s*\n\s*/g, " ") };
};
const quote = (words) => `“${words.length > 60 ? `${words.slice(0, 59)}…` : words}”`;
// Opens the list of a sign of LISTS for what is marked in the field.
export const ask = (field, opener) => {
  close();
  left = null;
  const [kind] = Object.entries(LISTS).find(([, one]) => one.opener === opener),
    marked = findMarked(field, kind);
  search.value = kind === "term" ? marked.instead.slice(0, 60) : "";
  open = { field, kind, ...marked, words: search.value, isAsked: true };
  finder.querySelector("label").textContent =
    ASKS[kind] + (marked.instead ? ` for ${quote(marked.instead.replace(/\s+/g, " "))}` : "");
  list.replaceChildren();
  show();
  search.focus({ preventScroll: true });
  search.select();
};

const answers = new Map();
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
  if (!count && asked.kind === "page" && !asked.isAsked) return close();
  const isNone = options()[0]?.dataset.address;
  const told =
    failed ||
    (isNone ? options()[0].innerText : "") ||
    (count ? `${NAMES[asked.kind]}: ${count}.` : (NOTHING[asked.kind] ?? "Nothing is called so. Try fewer letters."));
  picker.querySelector(".prose-keys").hidden = !count;
  if (!count) list.textContent = told;
  say(told);
  show();
  activate((asked.words || asked.kind === "callout") && !isNone ? options()[0] : null);
});
// A record that was added in another tab is found on the way back, and where somebody presses the field to look again.
const askAgain = () => {
  answers.clear();
  if (open) fill(open);
};
addEventListener("focus", askAgain);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) askAgain();
});
document.addEventListener("click", ({ target }) => {
  if (open && target === focused()) askAgain();
});
const SPACE = 4; // pixels between the list and the line that is typed, and the edge of what is seen
const ROOM = 160; // pixels: three rows. Where there is less, the page is scrolled.
// Below the line that is typed, or above it where that is more: never over it or the tools, never out of sight.
const placePicker = (box, mark) => {
  list.style.maxBlockSize = "";
  const { top, bottom } = findSight(),
    tools = box.querySelector(".prose-tools"),
    { offsetHeight: needed } = picker,
    find = () => mark.getBoundingClientRect(),
    findTop = () => Math.max(top, tools.getBoundingClientRect().bottom);
  const isSeen = find().top >= top && find().bottom <= bottom;
  if (!isSeen || Math.max(find().top - findTop(), bottom - find().bottom) < Math.min(needed, ROOM))
    scrollBy(0, find().top - top - SPACE);
  const { top: above, bottom: below, left } = find(),
    roomAbove = above - findTop(),
    isBelow = bottom - below >= Math.min(needed + 2 * SPACE, roomAbove),
    room = (isBelow ? bottom - below : roomAbove) - 2 * SPACE - (needed - list.offsetHeight);
  list.style.maxBlockSize = `${Math.min(list.offsetHeight, room)}px`;
  const place = box.getBoundingClientRect(),
    start = isBelow ? below + SPACE : above - SPACE - picker.offsetHeight;
  picker.style.insetBlockStart = `${start - place.top}px`;
  const right = Math.max(0, box.clientWidth - picker.offsetWidth);
  picker.style.insetInlineStart = `${Math.min(Math.max(0, left - place.left), right)}px`;
};
const show = () => {
  const { field, start, end, kind, isAsked } = open,
    box = field.closest(".prose");
  if (picker.parentElement !== box) box.append(picker);
  picker.hidden = false;
  finder.hidden = !isAsked;
  list.setAttribute("aria-label", NAMES[kind]);
  if (isAsked) search.setAttribute("aria-expanded", "true");
  else field.setAttribute("aria-controls", list.id);
  atPlace(field, start, end, (mark) => placePicker(box, mark));
};
// The keyboard of a phone comes and goes.
window.visualViewport?.addEventListener("resize", () => {
  if (open && !picker.hidden) show();
});

// Words that were marked stay the words that readers see.
const writeOut = ({ kind, instead }, text) => {
  if (instead && kind === "term") return text.replace(/^\[\[([^|\]]*).*/, (_, term) => `[[${term}|${instead}]]`);
  if (instead && kind === "page") return text.replace(/^\[.*\]\(/, () => `[${instead}](`);
  if (instead && kind === "callout") return text.replace("\n\n:::", () => `\n${instead.trim()}\n:::`);
  return text;
};
const LIST_SIGN = /^[ \t]*(?:[-*+>]|#{1,6}|\d+[.)])[ \t]+/;
const CITATIONS = /(?:\[\^[^\]\n]*\])+[ \t]*$/;
const IN_SENTENCE = /[\p{L}\p{N},;:%)\]–—-][*_”’"]*[ \t]+[*_“‘"(]*$/u;
// Whether a sentence has begun on the line before a place.
const isWithinSentence = (before) => {
  const line = before.slice(before.lastIndexOf("\n") + 1).replace(LIST_SIGN, "");
  return IN_SENTENCE.test(line.replace(CITATIONS, " "));
};
const ENDS_WORD = /[\p{L}\p{N}\].,;:!?)]$/u;
const BEGINS_WORD = /^[\p{L}\p{N}]/u;
// Where a choice goes: { from, to } is replaced by `written`, and the caret stands at `caret` then.
const placeWords = ({ kind, instead }, value, from, to, text) => {
  const before = value.slice(0, from),
    isPage = kind === "page";
  if (isPage && before.endsWith("](")) return { from, to, written: text.match(/\]\((.*)\)$/)[1] };
  if (instead) return { from, to, written: text };
  const lead = (isPage ? /[^\s(]$/ : ENDS_WORD).test(before) ? " " : "",
    tail = BEGINS_WORD.test(value.slice(to)) ? " " : "";
  return { from, to, written: lead + text + tail };
};
const placeBlock = (value, from, to, text) => {
  const before = value.slice(0, from),
    after = value.slice(to);
  const lead = /(^|\n\n)$/.test(before) ? "" : before.endsWith("\n") ? "\n" : "\n\n",
    tail = /^(\n\n|\s*$)/.test(after) ? "" : after.startsWith("\n") ? "\n" : "\n\n",
    below = text.includes("\n") ? "" : "\n\n", // What is typed next is no part of a picture.
    inner = text.indexOf("\n\n:::");
  const caret = from + lead.length + (inner < 0 ? text.length + below.length : inner + 1);
  return { from, to, written: lead + text + below + tail, caret };
};
// A citation stands right behind the words, after their full stop, and before the space that follows.
const START_OF_LINE = /(?:^|\n)[ \t]*(?:[-*+>]|#{1,6}|\d+[.)])?[ \t]*$|\|[ \t]*$/;
const placeCitation = (value, start, end, text) => {
  const before = value.slice(0, start),
    after = value.slice(end);
  const [skipped = "", stop = ""] = after.match(/^[ \t]*([.,;:!?]+)(?=[\s”"’)[*_]|$)/) ?? [],
    spaces = START_OF_LINE.test(before) ? 0 : before.match(/[ \t]*$/)[0].length;
  const to = end + skipped.length,
    tail = spaces && BEGINS_WORD.test(value.slice(to)) ? " " : "";
  return { from: start - spaces, to, written: stop + text + tail };
};
const choose = (option) => {
  if (option.dataset.address) return globalThis.open(option.dataset.address, "_blank", "noopener");
  const { field, kind, start, isAsked } = open,
    { value } = field,
    { text: first, within = first } = option.dataset;
  const isNamed = !open.instead && isWithinSentence(value.slice(0, start)),
    text = writeOut(open, isNamed ? within : first),
    end = open.end + (isAsked ? 0 : (value.slice(open.end).match(LISTS[kind].rest)?.[0].length ?? 0));
  const place =
    "block" in option.dataset
      ? placeBlock(value, start, end, text)
      : kind === "source"
        ? placeCitation(value, start, end, text)
        : placeWords(open, value, start, end, text);
  close();
  put(field, place.from, place.to, place.written, place.caret);
  say(`${option.firstElementChild.textContent} is in the text.`);
};
const leave = () => {
  const { field, start, isAsked } = open;
  left = { field, start: isAsked ? findOpening(field)?.start : start };
  close();
  field.focus();
};
const MOVES = { ArrowDown: 1, ArrowUp: -1 };
// The keys of an open list, pressed in the text or in the field of the list.
export const useList = (event) => {
  if (!open || picker.hidden || event.isComposing) return;
  const all = options().filter((one) => one.id),
    isEnter = event.key === "Enter",
    isTab = event.key === "Tab";
  if (event.key in MOVES && all.length) {
    const at = all.indexOf(active()),
      step = MOVES[event.key];
    activate(all[(at + step + all.length + (at < 0 && step < 0 ? 1 : 0)) % all.length]);
  } else if (isTab && open.isAsked) return leave(); // The key goes on from the text.
  else if ((isEnter || isTab) && active()) choose(active());
  else if (event.key === "Escape") leave();
  else if (!isEnter || !open.isAsked) return; // It would send the form.
  event.preventDefault();
  event.stopPropagation();
};
search.addEventListener("keydown", useList);
search.addEventListener("input", () => {
  open = { ...open, words: search.value.trim() };
  fill(open);
});
// Also on the way back from another tab.
search.addEventListener("focus", () => {
  if (open?.isAsked) fill(open);
});
search.addEventListener("blur", () => {
  const isOtherTab = document.activeElement === search;
  if (open?.isAsked && !isOtherTab) close();
});
picker.addEventListener("mousedown", (event) => {
  if (event.target !== search) event.preventDefault();
});
picker.addEventListener("click", ({ target }) => {
  const option = target.closest("[role=option]");
  if (option) choose(option);
});
