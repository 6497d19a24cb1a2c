// A review says where the form of its text was left with words that only this device has.
import { storage } from "./device_storage.js";

const notice = document.getElementById("unsaved-form"),
  { pathname } = notice.querySelector("a"),
  start = `typed|${notice.dataset.user}|${pathname}|`;
notice.hidden = !storage.keys().some((key) => key.startsWith(start) && storage.get(key));
