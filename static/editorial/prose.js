// Prose in a form of the admin: tools above each text, and below it how the text reads. What is put
// in goes the browser's own way, so it can be undone.
import { later } from "./later.js";
import { ask, closeIfLeft, closeTyped, follow, getFinishedText, useList } from "./prose_lists.js";
import { atPlace, put } from "./prose_text.js";

const template = document.getElementById("prose-tools");
const part = (name) => template.content.querySelector(`.prose-${name}`).cloneNode(true);
const MOST_TEXT = 60_000; // characters: what a text may have

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
const useTool = (field, { wrap: sign, line, opens }) => {
  if (sign) wrap(field, sign);
  else if (line) startLines(field, line);
  else ask(field, opens);
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
  const text = getFinishedText(field);
  if (!text.trim() || text.length > MOST_TEXT) return box.replaceChildren();
  body.set("csrfmiddlewaretoken", field.form.elements.csrfmiddlewaretoken.value);
  body.set("text", text);
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
  field.addEventListener("blur", closeTyped);
  field.addEventListener("list:closed", () => measureSoon(field));
};
const equipAll = (within) => within.querySelectorAll("textarea[data-prose]").forEach(equip);
equipAll(document);
document.addEventListener("formset:added", ({ target }) => equipAll(target));
