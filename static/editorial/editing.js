// While somebody writes in a form of the admin: what is typed is kept on this device until the site
// has saved it, is shown as readers would see it, and colleagues are told that the page is open.
import { getKeyStart, storage } from "./device_storage.js";
import { later } from "./later.js";

const about = document.getElementById("writing");
const form = about.parentElement.querySelector("#content-main form");
const by = (id) => document.getElementById(id);

const OLDEST = 30 * 24 * 3600 * 1000; // milliseconds
const mine = getKeyStart(about.dataset.user);
const here = getKeyStart(about.dataset.user, location.pathname);
const key = here + form.elements.opening.value;

// A field goes by a name that stays when parts are added, moved or taken away elsewhere:
// its own, or that of its part (by key, or "+0" for the first new one) and its own.
const numberOf = (prefix, what) => Number(form.elements[`${prefix}-${what}_FORMS`]?.value ?? NaN);
const lasting = (name) => {
  const [, prefix, number, own] = name.match(/^(.+)-(\d+)-(.+)$/) ?? [];
  if (!prefix || isNaN(numberOf(prefix, "TOTAL"))) return name;
  const part = form.elements[`${prefix}-${number}-id`]?.value || `+${number - numberOf(prefix, "INITIAL")}`;
  return `${prefix}|${part}|${own}`;
};
const ours = new Set(["csrfmiddlewaretoken", "opening", "based_on"]);
const isKept = (field) =>
  field.name &&
  !("passing" in field.dataset) &&
  !ours.has(field.name) &&
  !field.name.startsWith("_") &&
  !["password", "file", "submit", "button", "reset", "image"].includes(field.type) &&
  !/password|token|secret|one-time-code/i.test(`${field.name} ${field.autocomplete ?? ""}`) &&
  !/-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$|-__prefix__-/.test(field.name) &&
  !(field.type === "hidden" && !/-(order|DELETE)$/.test(field.name));
const valuesOf = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked ? [field.value] : [];
  if (field.type === "select-multiple") return [...field.selectedOptions].map((option) => option.value);
  return [field.value];
};
const loadedValuesOf = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.defaultChecked ? [field.value] : [];
  if (!field.options) return [field.defaultValue];
  const chosen = [...field.options].filter((option) => option.defaultSelected);
  return field.multiple ? chosen.map((option) => option.value) : [(chosen[0] ?? field.options[0])?.value ?? ""];
};
const read = (readValues) => {
  const fields = new Map();
  for (const field of form.elements) {
    if (!isKept(field)) continue;
    const name = lasting(field.name);
    fields.set(name, [...(fields.get(name) ?? []), ...readValues(field)]);
  }
  return fields;
};
const now = () => read(valuesOf);
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
// The words that stand for chosen keys: a choice that was searched for is not in a fresh form.
const choices = () =>
  Object.fromEntries(
    [...form.querySelectorAll("select")]
      .flatMap((list) => [...list.selectedOptions])
      .filter((option) => option.value)
      .map((option) => [option.value, option.text]),
  );

// What the form opened with. After a save that failed, that is what it opened with before it.
// The Back button of a browser puts what was typed into a fresh form, most of it.
const isBack = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const opened = isBack ? read(loadedValuesOf) : now();
const failed = "failed" in about.dataset && storage.get(key);
if (failed) for (const [name, was] of Object.entries(failed.was)) opened.set(name, was);

const say = (words) => {
  if (by("kept-said").textContent !== words) by("kept-said").textContent = words;
};
const findTyped = () => {
  const changed = [...now()].filter(([name, values]) => !same(values, opened.get(name) ?? []));
  return {
    was: Object.fromEntries(changed.map(([name]) => [name, opened.get(name) ?? null])),
    typed: Object.fromEntries(changed),
  };
};
const isTyped = () => Object.keys(findTyped().typed).length > 0;
const keep = () => {
  const { was, typed } = findTyped();
  if (!Object.keys(typed).length) return storage.drop(key);
  const kept = storage.set(key, { at: Date.now(), was, typed, choices: choices() });
  if (!kept) say("This browser cannot keep a copy of what you type. Save often.");
};
const keepSoon = later(400, keep);

// What an earlier opening of this form left behind
const entries = () => {
  const saved = new Set(about.dataset.saved.split(" "));
  for (const name of storage.keys().filter((name) => name.startsWith(mine))) {
    const entry = storage.get(name);
    const isOver = !entry || saved.has(name.split("|").pop()) || entry.at < Date.now() - OLDEST;
    if (isOver) storage.drop(name);
  }
  const left = storage.keys().filter((name) => name.startsWith(here) && name !== key);
  return left.map((name) => [name, storage.get(name)]).sort(([, one], [, other]) => other.at - one.at);
};
const differing = ({ typed }) => {
  const fields = now();
  return Object.keys(typed).filter((name) => !same(typed[name], fields.get(name) ?? []));
};
const offer = () => {
  by("kept").hidden = true;
  for (const [name, entry] of entries()) {
    const fields = differing(entry);
    if (!fields.length) {
      storage.drop(name);
      continue;
    }
    const moment = new Date(entry.at),
      today = new Date().toDateString() === moment.toDateString();
    const time = moment.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
    const when = today ? time : `${moment.toLocaleDateString()} ${time}`;
    const overtaken = fields.filter((field) => entry.was[field] && !same(entry.was[field], opened.get(field) ?? []));
    if (isBack && !overtaken.length) {
      bringBack(entry);
      storage.drop(name);
      keep();
      continue;
    }
    by("kept-title").textContent = `Text from ${when} on this device was not saved.`;
    by("kept-about").textContent =
      `It differs from this form in ${fields.length} ${fields.length === 1 ? "field" : "fields"}.` +
      (overtaken.length
        ? ` In ${overtaken.length} of them another text was saved meanwhile. ` +
          "Bringing yours back replaces it in this form; the history keeps it."
        : "");
    by("kept-bring").onclick = () => {
      bringBack(entry);
      storage.drop(name);
      keep();
      offer();
      lookSoon();
    };
    by("kept-drop").onclick = () => {
      storage.drop(name);
      say("It is thrown away.");
      offer();
    };
    by("kept").hidden = false;
    return;
  }
};

// The field of the form with a lasting name, where there is one; new parts are added first.
const addParts = (typed) => {
  for (const name of Object.keys(typed)) {
    const [prefix, part] = name.split("|");
    if (!part?.startsWith("+")) continue;
    const needed = numberOf(prefix, "INITIAL") + Number(part.slice(1)) + 1;
    const add = by(`${prefix}-group`)?.querySelector(".add-row a");
    while (add && !add.parentElement.hidden && numberOf(prefix, "TOTAL") < needed) {
      const before = numberOf(prefix, "TOTAL");
      add.click();
      if (numberOf(prefix, "TOTAL") === before) break;
    }
  }
};
const put = (fields, values, words) => {
  for (const field of fields) {
    if (same(valuesOf(field), values)) continue;
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.options) {
      for (const value of values.filter((value) => ![...field.options].some((option) => option.value === value)))
        if (words[value]) field.add(new Option(words[value], value));
      for (const option of field.options) option.selected = values.includes(option.value);
    } else [field.value] = values;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
};
const bringBack = ({ typed, choices: words }) => {
  addParts(typed);
  const fields = new Map();
  for (const field of [...form.elements].filter(isKept)) {
    const name = lasting(field.name);
    fields.set(name, [...(fields.get(name) ?? []), field]);
  }
  // Twice: what was put first may be changed by what follows from a later field, as an address is by a title.
  for (let round = 0; round < 2; round++)
    for (const [name, values] of Object.entries(typed)) put(fields.get(name) ?? [], values, words);
  const gone = Object.entries(typed).filter(([name, values]) => !fields.has(name) && values.join(""));
  by("kept-rest").hidden = !gone.length;
  by("kept-rest").querySelector("pre").textContent = gone
    .map(([name, values]) => `${name.split("|").pop()}: ${values.join(", ")}`)
    .join("\n\n");
  say("It is back in the form, not saved yet.");
};

// A session that began after the form was opened has another token: the newest one is in the cookie.
const token = () =>
  document.cookie.match(/(?:^|; )(?:__Secure-)?csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
const SIGNED_OUT =
  "You are signed out. What you typed is kept on this device: sign in in another tab, then go on here.";
// Resolves to the answer, or to words that say why there is none.
const ask = async (address, body, headers = {}) => {
  try {
    const answer = await fetch(address, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { "X-CSRFToken": token(), ...headers },
    });
    if (answer.type === "opaqueredirect") return SIGNED_OUT;
    if (answer.status === 413) return "This is more than the site takes at once: shorten it before you save.";
    if (!answer.ok) return `The site cannot show this (${answer.status}). What you typed is kept on this device.`;
    return await answer.json();
  } catch {
    return "The site cannot be reached. What you typed is kept on this device.";
  }
};

// The page beside the form
let page = "",
  isAsking = false,
  isChanged = false;
const panel = by("typed"),
  isNew = document.querySelector(".form-bar[data-new]");
// One question at a time: what is typed meanwhile is asked about when the answer is there.
const look = async () => {
  if (!panel || panel.hidden) return;
  // What opened a list is no mistake yet.
  if (document.querySelector(".prose-picker:not([hidden])")) return lookSoon();
  if (isAsking) {
    isChanged = true;
    return;
  }
  if (isNew && !isTyped()) {
    by("typed-findings").replaceChildren();
    return show("Nothing is typed yet.");
  }
  [isAsking, isChanged] = [true, false];
  show(await askForPage());
  isAsking = false;
  if (isChanged) look();
};
const askForPage = () => {
  const query = new URLSearchParams({ shape: by("typed-shape").value });
  if (page !== "") query.set("number", page);
  return ask(`${panel.dataset.address}?${query}`, new FormData(form));
};
const show = (told) => {
  if (typeof told === "string") {
    by("typed-state").textContent = told;
    return;
  }
  by("typed-findings").innerHTML = told.findings;
  if (told.pages) {
    by("typed-page").replaceChildren(
      ...told.pages.map((title, at) => new Option(title, at, false, at === told.number)),
    );
  }
  const frame = by("typed-frame");
  if (told.pages) {
    const top = frame.contentWindow.scrollY;
    frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, top), { once: true });
    frame.srcdoc = told.page ?? "";
  }
  frame.classList.toggle("is-old", !told.pages);
  by("typed-state").textContent = by("typed-findings").querySelector("[data-said]").dataset.said;
};
const lookSoon = later(1000, look);
const isOpen = "typed-is-open";
const showPanel = (open, isChosen = true) => {
  panel.hidden = !open;
  panel.parentElement.classList.toggle("is-open", open);
  by("open-typed").setAttribute("aria-expanded", open);
  try {
    if (isChosen) sessionStorage.setItem(isOpen, open ? "1" : "");
  } catch {
    /* it opens closed */
  }
  by("typed-state").textContent ||= "One moment.";
  if (open) look();
};
if (panel) {
  by("open-typed").hidden = false;
  by("open-typed").addEventListener("click", () => showPanel(panel.hidden));
  by("close-typed").addEventListener("click", () => {
    showPanel(false);
    by("open-typed").focus();
  });
  by("typed-page").addEventListener("change", ({ target }) => {
    page = target.value;
    look();
  });
  by("typed-shape").addEventListener("change", look);
  by("typed-frame").addEventListener("load", ({ target }) => {
    // Within the frame "#part" would lead to this form.
    target.contentDocument.addEventListener("click", (event) => {
      const id = event.target.closest("a[href^='#']")?.getAttribute("href").slice(1);
      if (id === undefined) return;
      event.preventDefault();
      target.contentDocument.getElementById(id)?.scrollIntoView();
    });
  });
  let chosen = null;
  try {
    chosen = sessionStorage.getItem(isOpen);
  } catch {
    /* it opens as if nobody had chosen */
  }
  const opensItself = chosen === null && "opens" in panel.dataset && matchMedia("(min-width: 75rem)").matches;
  if (chosen || opensItself) showPanel(true, !opensItself);
}

// Who else has it open
const HEARTBEAT = 30_000; // milliseconds
const presence = () => {
  const body = new FormData();
  if ("reviewing" in about.dataset) body.set("reviewing", "1");
  return body;
};
const tell = async () => {
  const told = await ask("../presence/", presence(), { "X-Unattended": "1" });
  const words = told === SIGNED_OUT ? told : (told.notice ?? by("who-else").textContent);
  if (by("who-else").textContent !== words) by("who-else").textContent = words;
};
if ("record" in about.dataset) {
  tell();
  setInterval(tell, HEARTBEAT);
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) tell();
  });
  addEventListener("pagehide", () => {
    const body = presence();
    body.set("csrfmiddlewaretoken", token());
    body.set("left", "1");
    navigator.sendBeacon("../presence/", body);
  });
}

for (const kind of ["input", "change", "formset:added", "formset:removed"])
  document.addEventListener(kind, ({ target }) => {
    // Comments beside a text belong to the form, and stand outside of it.
    if (target.form !== form && !form.contains(target) && kind !== "formset:removed") return;
    keepSoon();
    lookSoon();
    by("stops-saved")?.removeAttribute("hidden");
  });
// select2 tells of a choice by jQuery alone
window.django?.jQuery(form).on("change", "select", () => {
  keepSoon();
  lookSoon();
});
addEventListener("pagehide", keep);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) keep();
});
// What the site would refuse unread is not sent: the form would be gone, and with it what it holds.
const most = Number(about.dataset.most ?? Infinity); // bytes
const tooMuch = () => {
  const fields = [...new FormData(form)],
    sent = new URLSearchParams(fields).toString();
  if (sent.replaceAll("%0A", "%0D%0A").length <= most) return false;
  const [name, text] = fields.reduce((one, other) => (other[1].length > one[1].length ? other : one));
  const field = form.elements[name],
    label = field.labels?.[0]?.innerText.replace(/:$/, "") ?? name;
  say(
    `Nothing was sent: a form may hold ${most / 1e6} MB. “${label}” alone has ${text.length} characters. ` +
      "What you typed is still here: shorten it.",
  );
  by("kept-said").scrollIntoView({ block: "center" });
  return true;
};
const AT_ONCE = 2_000; // milliseconds: a double click sends a form twice
let sentAt = -AT_ONCE;
form.addEventListener("submit", (event) => {
  // What was left in an earlier opening, and typed again in this one, goes with it.
  for (const [name, entry] of entries()) if (!differing(entry).length) storage.drop(name);
  keep();
  form.elements.csrfmiddlewaretoken.value = token();
  if (event.timeStamp - sentAt < AT_ONCE || tooMuch()) event.preventDefault();
  else sentAt = event.timeStamp;
});
// A link to a next step saves what was typed, and the site leads on. No link ends a review: it asks.
const LEAVE = "What you typed is not saved, since a save ends the review. It stays on this device. Go on without it?";
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-next-step]"),
    isElsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
  if (!link || isElsewhere || link.pathname === location.pathname || !isTyped()) return;
  const endsReview = "saveEndsReview" in about.dataset;
  if (endsReview && confirm(LEAVE)) return;
  event.preventDefault();
  if (endsReview) return;
  const button = document.createElement("button");
  Object.assign(button, { name: "next_step", value: link.pathname + link.search + link.hash, hidden: true });
  form.append(button);
  form.requestSubmit(button);
  button.remove();
});
offer();
