// Beside each topic: how many of its questions are on the list of the reader, also while it is closed
const count = () => {
  for (const topic of document.querySelectorAll(".topic")) {
    const mark = topic.querySelector(".on-list");
    const number = topic.querySelectorAll(".asked > input:checked").length;
    mark.hidden = !number;
    mark.lastElementChild.textContent = number;
  }
};
count();
for (const moment of ["change", "pageshow", "storage"]) addEventListener(moment, count);
document.body.addEventListener("htmx:afterSettle", count);
