// Walkthroughs: arrow keys, focus after a step, the next step fetched ahead, still pictures, the slider, words that
// show a part of the picture, rings that lead closer.
const root = document.documentElement;
const find = (selector) => document.querySelector(selector);

// Pictures that stand still, on this device for good where it can be kept
const showStill = () => {
  for (const button of document.querySelectorAll("[data-still]"))
    button.setAttribute("aria-pressed", root.classList.contains("still"));
};
addEventListener("click", ({ target }) => {
  if (!target.closest?.("[data-still]")) return;
  const still = root.classList.toggle("still");
  try {
    localStorage.setItem("still", still ? "1" : "0");
  } catch {
    /* for this page only */
  }
  showStill();
});

// The step after this one is in the browser's cache before it is asked for
const fetched = new Set();
const fetchAhead = () => {
  const address = find("#step [rel=next]")?.getAttribute("hx-get");
  if (!address || fetched.has(address) || navigator.connection?.saveData) return;
  fetched.add(address);
  const link = document.createElement("link");
  link.rel = "prefetch";
  link.href = address;
  document.head.append(link);
};

// Left and right go a step back and on, except where these keys have a task of their own
addEventListener("keydown", (event) => {
  const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const busy = event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
  if (!way || busy || event.target.closest?.("input, select, textarea, [contenteditable], [popover]")) return;
  const link = find(`#step [rel=${way}]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});

// The slider chooses one of the moments beside it
addEventListener("change", ({ target }) => {
  if (target.id === "growth-slide") document.querySelectorAll("#growth .time a")[target.value]?.click();
});

// A word that shows a part of the picture brings it into view where it is out of sight. To show the whole again
// leads back to the word
let opener;
document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id !== "picture-control") return;
  const { elt } = detail.requestConfig;
  const all = find("#show-all");
  // The ring of a view is gone with it
  if (elt.matches(".zoom a")) find("#picture-control [aria-current]")?.focus({ preventScroll: true });
  else if (elt.id === "show-all") (opener?.isConnected ? opener : find("#picture-control a"))?.focus();
  else if (all) opener = elt;
  if (all && elt.matches(".word") && all.getBoundingClientRect().bottom < 0) {
    find("#picture").scrollIntoView();
    all.focus({ preventScroll: true });
  }
});

// A new step is like a new page: it begins at the top, and the reader stands on its heading
document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (detail.target?.id !== "step") return;
  scrollTo(0, 0);
  find("#step [data-focus]")?.focus({ preventScroll: true });
  showStill();
  fetchAhead();
});
showStill();
if (document.readyState === "complete") fetchAhead();
else addEventListener("load", fetchAhead);
