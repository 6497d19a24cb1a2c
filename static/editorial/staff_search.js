// Every page of the admin: outside of fields the / key leads to the search over everything.
const field = document.getElementById("staff-search");
const isField = (element) => element.matches("input, textarea, select, [contenteditable]");
if (field)
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isField(event.target)) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
