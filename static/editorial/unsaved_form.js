// A review says where the form of its text was left with words that only this device has.
import { getKeyStart, storage } from "./device_storage.js";

const notice = document.getElementById("unsaved-form"),
  start = getKeyStart(notice.dataset.user, notice.querySelector("a").pathname);
notice.hidden = !storage.keys().some((key) => key.startsWith(start) && storage.get(key));
