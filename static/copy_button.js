// Copy buttons. Without scripts the same words stand where they can be selected.
const place = (id) => document.getElementById(id);
const words = (element) => element.value ?? element.textContent;

// The email is copied twice: formatted for mail programs, and as plain words for the rest. It is put
// onto the clipboard as it stands, by the copy event: navigator.clipboard would take its styles away,
// and is not there at an address without https.
const put = ({ copy, rich }) => {
  let done = false;
  const listen = (event) => {
    event.clipboardData.setData("text/plain", words(place(rich || copy)));
    if (rich) event.clipboardData.setData("text/html", words(place(copy)));
    event.preventDefault();
    done = true;
  };
  document.addEventListener("copy", listen);
  try {
    document.execCommand("copy");
  } catch {
    /* not copied */
  }
  document.removeEventListener("copy", listen);
  return done;
};

// Where that is not allowed, the words are selected for the reader's own keys
const select = ({ copy, rich }) => {
  const shown = place(rich || copy);
  const fold = shown.closest("details");
  if (fold) fold.open = true;
  if (!shown.select) return getSelection().selectAllChildren(shown);
  shown.focus();
  shown.select();
};

document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  const said = place(button.getAttribute("aria-describedby"));
  const done = put(button.dataset);
  if (!done) select(button.dataset);
  said.textContent = "";
  requestAnimationFrame(() => {
    said.textContent = done ? said.dataset.done : said.dataset.not;
  });
});
for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
for (const text of document.querySelectorAll("textarea[readonly], input[readonly]"))
  text.addEventListener("focus", () => text.select());
