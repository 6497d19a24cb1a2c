// Copying an address. Without scripts one click marks all of it.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest("[data-copy]");
  if (!button) return;
  try { await navigator.clipboard.writeText(button.dataset.copy); } catch { return; }
  button.textContent = button.dataset.copied;
});
