// The form of a step: of the parts to tick, those of the chosen scene alone are shown.
const groups = [...document.querySelectorAll(".scene-parts > div")];
const showParts = () => {
  const scene = document.querySelector("[name=scene]:checked")?.value;
  for (const group of groups) group.hidden = !group.querySelector(`input[value^="${scene}/"]`);
};
document.addEventListener("change", ({ target }) => {
  if (target.name === "scene") showParts();
});
showParts();
