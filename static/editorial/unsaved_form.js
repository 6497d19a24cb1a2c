// A review says where the form of its text was left with words that only this device has.
import { getKeyStart, storage } from "./device_storage.js";

// Every text that is sent says these anew: only words are missed.
const ASKED_AGAIN = ["change_kind", "evidence_checked_today", "evidence_checked_day"];
const holdsWords = (entry) => Object.keys(entry?.typed ?? {}).some((name) => !ASKED_AGAIN.includes(name));
const notice = document.getElementById("unsaved-form"),
  start = getKeyStart(notice.dataset.user, notice.querySelector("a").pathname);
notice.hidden = !storage.keys().some((key) => key.startsWith(start) && holdsWords(storage.get(key)));
