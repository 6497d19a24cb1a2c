// The preview of a form stands at the paragraph in which somebody writes: at its words on the page.
const frame = document.getElementById("typed-frame");
const MARKS = /\[\^[^\]\n]*\]|\{\{[^}\n]*\}\}|\[\[|\]\]|\|[^\]|\n]*(?=\]\])|\]\([^)\n]*\)|[*_`#>:[\]-]/g;
const MOST = 30; // letters that tell a paragraph
const TOP = 60; // pixels that the mark of a draft takes
let field = null;

const spell = (text) => text.replace(/[^\p{L}\p{N}]+/gu, "").toLowerCase();
const findParagraph = () => {
  const place = field.selectionStart,
    from = field.value.lastIndexOf("\n", place - 1) + 1,
    next = field.value.indexOf("\n", place);
  return spell(field.value.slice(from, next < 0 ? field.value.length : next).replace(MARKS, " ")).slice(0, MOST);
};
// The title of the part in which somebody writes, or to which the list of parts has led.
const findTitle = () => {
  const part = field?.isConnected ? field.closest(".inline-related") : document.querySelector(".inline-related:target");
  return spell(part?.querySelector(".vTextField")?.value ?? "");
};
const findBlock = (kinds, words) =>
  words && [...frame.contentDocument.querySelectorAll(kinds)].find((block) => spell(block.textContent).includes(words));
const showPlace = () => {
  const found =
    (field?.isConnected && findBlock("p, li, h1, h2, h3, td, dd", findParagraph())) ||
    findBlock("h1, h2, h3, summary", findTitle());
  if (!found) return;
  for (let part = found.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  const { top, height } = found.getBoundingClientRect(),
    { innerHeight } = frame.contentWindow;
  // Within the frame alone: the form stays where it is.
  frame.contentWindow.scrollBy({ top: top - Math.max(TOP, (innerHeight - height) / 2), behavior: "instant" });
};
document.addEventListener("focusin", ({ target }) => {
  if (!target.matches("textarea, input[type=text]") || target === field) return;
  field = target;
  if (frame?.offsetParent) showPlace();
});
// After the script of the panel, which goes back to where the page was.
frame?.addEventListener("load", () => setTimeout(showPlace));
