// The recovery codes: on paper.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = !window.print;
  button.addEventListener("click", () => print());
}
