// The preview of a form stands at the paragraph in which somebody writes: at its words on the page.
const frame = document.getElementById("typed-frame");
const MARKS = /\[\^[^\]\n]*\]|\{\{[^}\n]*\}\}|\[\[|\]\]|\|[^\]|\n]*(?=\]\])|\]\([^)\n]*\)|[*_`#>:[\]-]/g;
const MOST = 30; // letters that tell a paragraph
let field = null;

const spell = (text) => text.replace(/[^\p{L}\p{N}]+/gu, "").toLowerCase();
const findParagraph = () => {
  const place = field.selectionStart,
    from = field.value.lastIndexOf("\n", place - 1) + 1,
    next = field.value.indexOf("\n", place);
  return spell(field.value.slice(from, next < 0 ? field.value.length : next).replace(MARKS, " ")).slice(0, MOST);
};
const showPlace = () => {
  const words = field?.isConnected ? findParagraph() : "";
  if (!words) return;
  const blocks = [...frame.contentDocument.querySelectorAll("p, li, h1, h2, h3, td, dd")],
    found = blocks.find((block) => spell(block.textContent).includes(words));
  if (!found) return;
  for (let part = found.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  found.scrollIntoView({ block: "center" });
};
document.addEventListener("focusin", ({ target }) => {
  if (target.matches("textarea, input[type=text]")) field = target;
});
// After the script of the panel, which goes back to where the page was.
frame?.addEventListener("load", () => setTimeout(showPlace));
