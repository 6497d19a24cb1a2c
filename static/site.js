// Comfort for readers whose browser runs scripts. Every page reads and works without it.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const root = document.documentElement;

// What is kept stays on this device; where storage is blocked, until the page is left.
const unkept = new Map();
const keep = {
  get(key) {
    try {
      return localStorage.getItem(key) ?? unkept.get(key) ?? null;
    } catch {
      return unkept.get(key) ?? null;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch {
      unkept.set(key, value);
    }
  },
  keys() {
    try {
      return [...Object.keys(localStorage), ...unkept.keys()];
    } catch {
      return [...unkept.keys()];
    }
  },
  drop(key) {
    unkept.delete(key);
    try {
      localStorage.removeItem(key);
    } catch {
      /* was not kept */
    }
  },
};

// htmx notes the address that is being read in the session storage; it is not needed, and tells what was read
try {
  sessionStorage.removeItem("htmx-current-path-for-history");
} catch {
  /* storage is blocked */
}

// A click for another tab or window is left to the browser: htmx would follow the link in this one
addEventListener(
  "click",
  (event) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (elsewhere && event.target.closest?.("a[hx-get]")) event.stopPropagation();
  },
  true,
);

// Colors
const chosen = keep.get("theme") || "auto";
for (const radio of all("[name=theme]")) {
  radio.checked = radio.value === chosen;
  radio.addEventListener("change", () => {
    if (radio.value === "auto") {
      keep.drop("theme");
      delete root.dataset.theme;
    } else {
      keep.set("theme", radio.value);
      root.dataset.theme = radio.value;
    }
  });
}

// How much detail: one choice for the site, kept on this device and written into the address
let depth = new URLSearchParams(location.search).get("depth") || keep.get("depth");
const showDepth = () => {
  depth = root.dataset.depth = depth === "more" ? "more" : "plain";
  const radios = all("[name^='depth-']");
  for (const radio of radios) radio.checked = radio.value === depth;
  if (!radios.length) return;
  const address = new URL(location);
  address.searchParams.delete("depth");
  if (depth === "more") address.searchParams.set("depth", depth);
  else for (const link of all("a[href*='depth=more']")) link.href = link.href.replace(/[?&]depth=more/, "");
  if (address.href !== location.href) history.replaceState(history.state, "", address);
};
addEventListener("change", ({ target }) => {
  if (!target.name?.startsWith("depth-")) return;
  depth = target.value;
  keep.set("depth", depth);
  showDepth();
});

// Where was I: the last part of each guide, kept on this device, offered on its start page. What
// was ticked on a reading list is forgotten with it
const remember = () => {
  const at = document.querySelector("[data-place]")?.dataset;
  if (at) keep.set(`place:${at.place}`, `${at.number} ${at.part}`);
};
const offer = () => {
  for (const link of all("[data-go-on]")) {
    const [number, address = ""] = (keep.get(`place:${link.dataset.goOn}`) || "").split(" ");
    link.hidden = number < 2 || !address.startsWith(link.dataset.goOn);
    if (link.hidden) continue;
    link.href = address;
    link.querySelector("span").textContent = number;
  }
};
for (const button of all("[data-forget]")) {
  button.addEventListener("click", () => {
    for (const key of keep.keys()) if (/^(place|done):/.test(key)) keep.drop(key);
    button.nextElementSibling.textContent = button.nextElementSibling.dataset.done;
    offer();
  });
}
const arrive = () => {
  showDepth();
  remember();
};
arrive();
offer();
addEventListener("pageshow", offer);
document.body.addEventListener("htmx:afterSettle", arrive);

// The contents list stands open on a desk; browsers from before ::details-content need to be told
const contents = document.querySelector(".toc");
if (contents && !CSS.supports("selector(::details-content)")) contents.open = matchMedia("(min-width: 62rem)").matches;

// A glossary term opens in place; the link itself still leads to its page
document.body.addEventListener("htmx:afterSettle", (event) => {
  const term = document.getElementById("gloss");
  if (event.detail.target.id !== "gloss" || !term?.showPopover) return;
  const opener = event.detail.requestConfig?.elt;
  term.showPopover({ source: opener });
  term.querySelector("button").focus({ preventScroll: true });
  term.addEventListener("toggle", (toggle) => {
    if (
      toggle.newState === "closed" &&
      (document.activeElement === document.body || term.contains(document.activeElement))
    )
      opener?.focus({ preventScroll: true });
  });
});

// Where a fragment cannot be had or shown, the link or form itself is followed: the reader sees a real page
const follow = (event) => {
  const element = event.detail.elt;
  const address = element.getAttribute("href");
  if (address) location.assign(address);
  else if (element.tagName === "FORM") element.submit();
};
for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"])
  document.body.addEventListener(failure, follow);
document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target.id !== "gloss" || event.detail.target.showPopover) return;
  event.preventDefault();
  follow(event);
});

// A link into a folded part opens it. What follows the # may be anything: "#100%" cannot be decoded
const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
const openTarget = () => {
  const target = document.getElementById(decoded(location.hash.slice(1)));
  let part = target?.closest("details:not([open])");
  if (!part) return;
  for (; part; part = part.closest("details:not([open])")) part.open = true;
  target.scrollIntoView();
};
addEventListener("hashchange", openTarget);
openTarget();

// Print: everything that is folded is on the paper, and folds again after
let folded = [];
addEventListener("beforeprint", () => {
  folded = all("details:not([open])");
  for (const one of folded) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of folded) one.open = false;
});
for (const button of all("[data-print]")) {
  button.hidden = !window.print;
  button.addEventListener("click", () => print());
}

// Notes for the visit, kept on this device
for (const field of all("[data-keep]")) {
  field.value = keep.get(field.dataset.keep) ?? field.value;
  field.addEventListener("input", () => keep.set(field.dataset.keep, field.value));
}
for (const button of all("[data-clear]")) {
  button.addEventListener("click", () => {
    keep.drop(button.dataset.clear);
    for (const field of all(`[data-keep="${button.dataset.clear}"]`)) {
      field.value = "";
      field.focus();
    }
  });
}

// Back to a search that followed the typing: its words stand in the history of this tab, never in the address
const words = document.querySelector("[data-live] [name=q]");
if (words) {
  addEventListener("pageshow", () => {
    const asked = history.state?.asked ?? words.value;
    if (asked === words.value) return;
    words.value = asked;
    words.dispatchEvent(new Event("input", { bubbles: true }));
  });
  words.addEventListener("input", () => history.replaceState({ ...history.state, asked: words.value }, ""));
}

// My questions for the visit: one list for the whole site. Each is kept under its place in the address of the
// list ("q=driving-and-work"), with its number and its words. No page asks the server about them: a tick has no
// name, so no form sends it, unless nothing can be kept here.
const ASKED = /^ask:((?:q|about)=[\w-][\w.-]{0,150})$/;
const MOST_ASKED = 200;
const readAsked = (key) => {
  const place = key.match(ASKED)?.[1];
  const [, number, words] = (place && keep.get(key)?.match(/^(\d{1,9}) (\S.{0,299})$/)) || [];
  return words ? [{ place, number: Number(number), words }] : [];
};
const getAsked = () =>
  keep
    .keys()
    .flatMap(readAsked)
    .sort((one, other) => one.number - other.number)
    .slice(0, MOST_ASKED);
const ask = (place, words) => {
  const last = getAsked().pop()?.number || 0;
  if (keep.get(`ask:${place}`) === null)
    keep.set(`ask:${place}`, `${last + 1} ${words.trim().replace(/\s+/g, " ").slice(0, 300)}`);
};

keep.set("ask:", "");
const canKeep = !unkept.size;
keep.drop("ask:");

const showAsked = () => {
  const list = getAsked();
  const places = list.map(({ place }) => place);
  for (const tick of all("input[data-ask]")) tick.checked = places.includes(tick.dataset.place);
  for (const mark of all("[data-asks], [popovertarget=menu]"))
    if (list.length) mark.dataset.asked = list.length;
    else delete mark.dataset.asked;
  for (const link of all("a[data-asks]")) {
    if (!canKeep) link.search = places.join("&");
    const menu = document.querySelector("[popovertarget=menu]");
    if (menu) {
      menu.dataset.label ??= menu.getAttribute("aria-label");
      menu.setAttribute(
        "aria-label",
        menu.dataset.label + (list.length ? `. ${link.textContent.trim()}: ${list.length}` : ""),
      );
    }
  }
  const here = all("[data-ask]").map((tick) => tick.dataset.place);
  for (const other of all("[data-other-questions]"))
    other.replaceChildren(...list.filter(({ place }) => !here.includes(place)).map(buildOther));
  for (const note of all("[data-unkept]")) note.hidden = canKeep || !(list.length || location.search);
  showList(list);
};
// The list itself: what the address holds stands there already
const showList = (list) => {
  const mine = document.querySelector("[data-my-questions]");
  if (!mine) return;
  const shared = all("[data-shared]").map((line) => line.dataset.shared);
  const rest = list.filter(({ place }) => !shared.includes(place));
  const places = shared.concat(rest.map(({ place }) => place));
  mine.querySelector("[data-lines]").replaceChildren(...rest.map((question) => buildLine(mine, question)));
  mine.hidden = !rest.length;
  for (const one of all("[data-empty]")) one.hidden = rest.length;
  for (const one of all("[data-filled]")) one.hidden = !places.length;
  for (const one of all("[data-keep-shared]")) one.hidden = places.length === list.length;
  for (const field of all("#share")) field.value = `${location.origin}${mine.dataset.address}?${places.join("&")}`;
};
const buildOther = ({ words }) => {
  const line = document.createElement("li");
  line.dataset.own = "";
  line.textContent = words;
  return line;
};
const buildLine = (mine, { place, words }) => {
  const line = mine.querySelector("template").content.querySelector("li").cloneNode(true);
  const [kind, slug] = place.split("=");
  for (const text of all("[data-words]", line)) text.textContent = words;
  const answer = line.querySelector("a");
  if (kind === "q") answer.href += `${slug}/`;
  else answer.remove();
  line.querySelector("button").dataset.drop = place;
  return line;
};
const getWords = (tick) => tick.dataset.ask || `${tick.labels[0].textContent} (${tick.form.dataset.about})`;
const findTicks = () => {
  for (const tick of all("input[data-ask]:not([data-place])")) {
    tick.dataset.place = `${tick.name}=${tick.value}`;
    if (tick.defaultChecked) ask(tick.dataset.place, getWords(tick));
    if (canKeep) tick.removeAttribute("name");
  }
  showAsked();
};
addEventListener("change", ({ target }) => {
  if (!target.dataset?.place || !("ask" in target.dataset)) return;
  if (target.checked) ask(target.dataset.place, getWords(target));
  else keep.drop(`ask:${target.dataset.place}`);
  showAsked();
});
addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-drop], [data-clear-asked], [data-keep-shared]");
  if (!button) return;
  if (button.dataset.drop) keep.drop(`ask:${button.dataset.drop}`);
  else if ("keepShared" in button.dataset)
    for (const line of all("[data-shared]")) ask(line.dataset.shared, line.firstElementChild.textContent);
  else for (const { place } of getAsked()) keep.drop(`ask:${place}`);
  if ("clearAsked" in button.dataset && location.search) location.assign(location.pathname);
  showAsked();
  document.querySelector("h1").focus();
});
findTicks();
for (const moment of ["pageshow", "storage"]) addEventListener(moment, showAsked);
document.body.addEventListener("htmx:afterSettle", findTicks);

// Marks on a decision: kept on this device, or read from behind the # of an address that somebody shared, which no
// browser sends. What the address says is shown, and kept only when it is changed
const marks = all("[data-mark]");
const markKey = ({ dataset }) => `mark:${location.pathname}:${dataset.mark}`;
const shared = new URLSearchParams(location.hash.startsWith("#marks&") ? location.hash.slice(1) : "");
const showMarks = () => {
  for (const mark of marks)
    mark.checked = mark.value !== "" && mark.value === (shared.get(mark.dataset.mark) ?? keep.get(markKey(mark)));
  shareMarks();
};
const shareMarks = () => {
  const said = marks
    .filter((mark) => mark.checked && mark.value)
    .map(({ dataset, value }) => `${dataset.mark}=${value}`);
  for (const field of all("[data-marks-address]"))
    field.value = `${location.origin}${location.pathname}#${["marks", ...said].join("&")}`;
};
for (const mark of marks) {
  mark.addEventListener("change", () => {
    shared.delete(mark.dataset.mark);
    if (mark.value) keep.set(markKey(mark), mark.value);
    else keep.drop(markKey(mark));
    shareMarks();
  });
}
for (const button of all("[data-clear-marks]")) {
  button.addEventListener("click", () => {
    for (const mark of marks) {
      keep.drop(markKey(mark));
      shared.delete(mark.dataset.mark);
    }
    showMarks();
  });
}
for (const note of all("[data-unkept-marks]")) note.hidden = canKeep;
if (marks.length) {
  showMarks();
  addEventListener("pageshow", showMarks);
}
