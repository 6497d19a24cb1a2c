// A clinic's reading list: what was read is kept on this device, and cleared there. A line is
// ticked by hand, or by going on from its page.
const keep = {
  has(key) {
    try {
      return localStorage.getItem(key) !== null;
    } catch {
      return false;
    }
  },
  set(key) {
    try {
      localStorage.setItem(key, "1");
    } catch {
      /* not kept */
    }
  },
  drop(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      /* was not kept */
    }
  },
};
const key = (element) => `done:${element.dataset.read}`;
const ticks = [...document.querySelectorAll("input[data-read]")];
const progress = document.querySelector("[data-progress]");

const show = () => {
  const read = ticks.filter((tick) => tick.checked).length;
  if (progress)
    progress.textContent = read ? progress.dataset.words.replace("{read}", read).replace("{all}", ticks.length) : "";
};
const look = () => {
  for (const tick of ticks) tick.checked = keep.has(key(tick));
  show();
};
for (const tick of ticks) {
  tick.addEventListener("change", () => {
    (tick.checked ? keep.set : keep.drop)(key(tick));
    show();
  });
}
for (const way of document.querySelectorAll("a[data-read]")) way.addEventListener("click", () => keep.set(key(way)));
document.querySelector("[data-clear-read]")?.addEventListener("click", () => {
  for (const tick of ticks) keep.drop(key(tick));
  look();
});
look();
// Back from a page, the browser shows the list as it was left
addEventListener("pageshow", look);
