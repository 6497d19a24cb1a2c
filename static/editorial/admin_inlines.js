// The admin: a part that was just added is open, and comes last.
document.addEventListener("formset:added", ({ target }) => {
  for (const details of target.querySelectorAll("details")) details.open = true;
  const own = target.querySelector("input[name$='-order']");
  if (!own) return;
  const others = target.parentElement.querySelectorAll(":scope > :not(.empty-form) input[name$='-order']");
  const orders = [...others].filter((input) => input !== own).map((input) => Number(input.value));
  own.value = Math.max(0, ...orders) + 1;
});
