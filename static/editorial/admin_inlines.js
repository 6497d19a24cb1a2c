// The admin: a part that was just added is open, and comes last.
document.addEventListener("formset:added", ({ target }) => {
  for (const details of target.querySelectorAll("details")) details.open = true;
  const own = target.querySelector("input[name$='-order']");
  if (!own) return;
  const others = target.parentElement.querySelectorAll(":scope > :not(.empty-form) input[name$='-order']");
  const orders = [...others].filter((input) => input !== own).map((input) => Number(input.value));
  own.value = Math.max(0, ...orders) + 1;
});
// select2 leaves the box of a choice without a name: it gets that of its field, or of its column.
const nameChoices = () => {
  const boxes = ".select2-selection__rendered[role=textbox], .select2-search--inline .select2-search__field";
  for (const box of document.querySelectorAll(`:is(${boxes}):not([aria-label])`)) {
    const select = box.closest(".select2-container").previousElementSibling;
    const column = `.column-${select.name.split("-").pop()}`;
    const name = select.labels[0] ?? select.closest("table")?.querySelector(column);
    if (name) box.setAttribute("aria-label", name.textContent.trim().replace(/:$/, ""));
  }
};
// jQuery runs what waits for the document a moment later, maybe after this.
addEventListener("load", () => setTimeout(nameChoices));
document.addEventListener("formset:added", () => setTimeout(nameChoices));
