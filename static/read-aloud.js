// Read aloud with the browser's own voice, sentence by sentence. Until it has one, no button is seen.
const speech = window.speechSynthesis;
const BLOCKS = ".ev, p, li, dt, dd, td, th, h2, h3, h4, summary";
const SILENT = "sup, svg, select, fieldset, .no-print, [hidden], [aria-hidden=true]";
const store = {
  get speed() {
    try {
      return Number(localStorage.getItem("speed")) || 1;
    } catch {
      return 1;
    }
  },
  set speed(value) {
    try {
      localStorage.setItem("speed", value);
    } catch {
      /* for this page only */
    }
  },
};

// Text nodes that can be seen, in runs of one block each
function* runs(text) {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
  let run = [],
    block;
  for (let node; (node = walker.nextNode());) {
    const parent = node.parentElement;
    if (!node.data.trim() && parent.matches("ul, ol, dl, section, div")) continue;
    if (parent.closest(SILENT) || !parent.getClientRects().length) continue;
    if (parent.closest(BLOCKS) !== block && run.length) {
      yield run;
      run = [];
    }
    block = parent.closest(BLOCKS);
    run.push(node);
  }
  if (run.length) yield run;
}

const cut = (text) =>
  window.Intl?.Segmenter
    ? Array.from(
        new Intl.Segmenter(document.documentElement.lang, { granularity: "sentence" }).segment(text),
        (one) => one.segment,
      )
    : text.match(/[^.!?]+[.!?]*\s*/g) || [];

function sentences(text) {
  const found = [];
  for (const run of runs(text)) {
    let start = 0;
    const at = (offset, isEnd) => {
      for (const node of run) {
        if (offset < node.length || (isEnd && offset === node.length)) return [node, offset];
        offset -= node.length;
      }
      const last = run[run.length - 1];
      return [last, last.length];
    };
    for (const words of cut(run.map((node) => node.data).join(""))) {
      const range = new Range();
      range.setStart(...at(start, false));
      range.setEnd(...at(start + words.trimEnd().length, true));
      start += words.length;
      if (/[\p{L}\p{N}]/u.test(words)) found.push({ words: words.trim(), range });
    }
  }
  return found;
}

function mark(range) {
  if (!window.CSS?.highlights) return;
  if (!range) return CSS.highlights.delete("spoken");
  CSS.highlights.set("spoken", new Highlight(range));
  range.startContainer.parentElement.scrollIntoView({ block: "nearest" });
}

function prepare() {
  const controls = document.querySelector("[data-listen-controls]");
  const text = document.querySelector("[data-listen]");
  if (!controls || !text || controls.dataset.ready) return;
  const part = (name) => controls.querySelector(`[data-say=${name}]`);
  const [go, stop, speed] = ["go", "stop", "speed"].map(part);
  const label = go.querySelector("span"),
    listen = label.textContent;
  let lines = [],
    at = 0,
    turn = 0;

  // Chrome's pause is not to be relied on: to pause is to stop, and to begin this sentence again
  const say = () => {
    const mine = ++turn;
    speech.cancel();
    if (at >= lines.length) return end();
    const { words, range } = lines[at];
    const spoken = new SpeechSynthesisUtterance(words);
    spoken.lang = document.documentElement.lang;
    spoken.rate = Number(speed.value);
    spoken.onend = () => {
      if (mine === turn) {
        at += 1;
        say();
      }
    };
    spoken.onerror = () => {
      if (mine === turn) end();
    };
    mark(range);
    speech.speak(spoken);
    show("pause");
  };
  const show = (state) => {
    label.textContent = state ? go.dataset[state] : listen;
    go.dataset.state = state;
    stop.hidden = !state;
    controls.classList.toggle("on", Boolean(state));
  };
  const pause = () => {
    turn += 1;
    speech.cancel();
    show("on");
  };
  const end = () => {
    turn += 1;
    speech.cancel();
    mark();
    at = 0;
    lines = [];
    show("");
  };

  go.addEventListener("click", () => {
    if (go.dataset.state === "pause") return pause();
    if (!lines.length) lines = sentences(text);
    say();
  });
  stop.addEventListener("click", () => {
    end();
    go.focus();
  });
  speed.value = String(store.speed);
  if (!speed.value) speed.value = "1";
  speed.addEventListener("change", () => {
    store.speed = speed.value;
    if (go.dataset.state === "pause") say();
  });
  addEventListener("pagehide", end);
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target?.id === "step") end();
  });
  controls.dataset.ready = "1";
  hear();
}

// Browsers load their voices late, and some have none
const hear = () =>
  document.querySelector("[data-listen-controls]")?.classList.toggle("able", speech.getVoices().length > 0);

if (speech && window.SpeechSynthesisUtterance) {
  prepare();
  speech.addEventListener?.("voiceschanged", hear);
  document.body.addEventListener("htmx:afterSettle", prepare);
}
