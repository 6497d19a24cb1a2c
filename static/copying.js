// Copy buttons. Without scripts the same words stand in fields that can be selected.
const field = (id) => document.getElementById(id);

// The email goes to the clipboard twice: formatted for mail programs, and as plain words for the rest
const write = ({ copy, rich }) => {
  const words = field(copy).value;
  if (!rich) return navigator.clipboard.writeText(words);
  const item = { "text/html": words, "text/plain": field(rich).value };
  for (const kind of Object.keys(item)) item[kind] = new Blob([item[kind]], { type: kind });
  return navigator.clipboard.write([new ClipboardItem(item)]);
};

// Where the clipboard may not be written (an old browser, or no HTTPS), the words are selected and copied as they stand
const select = ({ copy, rich }) => {
  const shown = field(rich || copy);
  const fold = shown.closest("details");
  if (fold) fold.open = true;
  shown.focus();
  shown.select();
  return document.execCommand("copy");
};

for (const button of document.querySelectorAll("[data-copy]")) {
  const said = field(button.getAttribute("aria-describedby"));
  button.addEventListener("click", async () => {
    let done = true;
    try { await write(button.dataset); } catch { done = select(button.dataset); }
    said.textContent = "";
    requestAnimationFrame(() => { said.textContent = done ? said.dataset.done : said.dataset.not; });
  });
}
for (const text of document.querySelectorAll("textarea[readonly], input[readonly]")) text.addEventListener("focus", () => text.select());
