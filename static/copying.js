// Copy buttons. Without scripts the same words stand in fields that can be selected.
const field = (id) => document.getElementById(id);

// The email is copied twice: formatted for mail programs, and as plain words for the rest. It is put
// onto the clipboard as it stands, by the copy event: navigator.clipboard would take its styles away.
const put = ({ copy, rich }) => {
  let done = false;
  const listen = (event) => {
    event.clipboardData.setData("text/plain", field(rich || copy).value);
    if (rich) event.clipboardData.setData("text/html", field(copy).value);
    event.preventDefault();
    done = true;
  };
  document.addEventListener("copy", listen);
  try { document.execCommand("copy"); } catch { /* not copied */ }
  document.removeEventListener("copy", listen);
  return done;
};

// Where that is not allowed, the words are selected for the reader's own keys
const select = ({ copy, rich }) => {
  const shown = field(rich || copy);
  const fold = shown.closest("details");
  if (fold) fold.open = true;
  shown.focus();
  shown.select();
};

for (const button of document.querySelectorAll("[data-copy]")) {
  const said = field(button.getAttribute("aria-describedby"));
  button.addEventListener("click", () => {
    const done = put(button.dataset);
    if (!done) select(button.dataset);
    said.textContent = "";
    requestAnimationFrame(() => { said.textContent = done ? said.dataset.done : said.dataset.not; });
  });
}
for (const text of document.querySelectorAll("textarea[readonly], input[readonly]")) text.addEventListener("focus", () => text.select());
