// What is pasted into prose from a word processor, a web page or a sheet keeps its paragraphs, headings,
// lists, links and tables, written as Markdown. What prose cannot hold is left out, and named. So is what
// is struck out there. No number is joined with what stood behind something that was left out.
const told = document.getElementById("prose-pasted");
// In the bar of the form it stays in sight and covers no text.
document.querySelector(".form-bar").append(told.parentElement);
told.parentElement.hidden = false;
let pastedInto = null; // The field that the note tells of
document.getElementById("close-pasted").addEventListener("click", () => {
  told.textContent = "";
  pastedInto?.focus();
});
const SCHEMES = /^(https|mailto|tel|sms):/i;
const BLOCKS = new Set(
  ["P", "DIV", "SECTION", "ARTICLE", "HEADER", "FOOTER", "MAIN", "UL", "OL", "LI", "TABLE", "BLOCKQUOTE", "PRE"].concat(
    ["H1", "H2", "H3", "H4", "H5", "H6", "DL", "DT", "DD", "FIGURE", "HR", "CENTER", "BODY"],
  ),
);
const LOST = { IMG: "pictures", SVG: "pictures", VIDEO: "films", AUDIO: "sounds", IFRAME: "frames", FORM: "forms" };
LOST.INPUT = LOST.SELECT = LOST.BUTTON = "forms";
const IGNORED = new Set(["STYLE", "SCRIPT", "TEMPLATE", "TITLE", "META", "LINK", "COLGROUP", "NOSCRIPT"]);
const styleOf = (node) => (node.dataset?.style ?? "").replace(/\s/g, "").toLowerCase();
// Marks where something was left out; the second one, where it held a space.
const GAP = "\uE000";
const WIDE_GAP = "\uE001";
const MARKS_AT_END = /[*[\]()]+$/;
const MARKS_AT_START = /^[*[\]()]+/;
const closeGaps = (text) =>
  text.replace(/[\uE000\uE001]+/g, (gaps, at) => {
    const before = text.slice(Math.max(0, at - 9), at).replace(MARKS_AT_END, ""),
      after = text.slice(at + gaps.length, at + gaps.length + 9).replace(MARKS_AT_START, "");
    const joinsNumbers = /\d[.,]?$/.test(before) && /^[.,]?\d/.test(after),
      joinsWords = gaps.includes(WIDE_GAP) && /[\p{L}\p{N}]$/u.test(before) && /^[\p{L}\p{N}]/u.test(after);
    return joinsNumbers || joinsWords ? " " : "";
  });
// Bold words that follow one another are one piece: "**so****on**" is "**soon**".
const joinBold = (text) => text.replace(/\*{4,}/g, (stars) => (/^(\*{4}|\*{6})$/.test(stars) ? "" : stars));
// The blanks and marks before words, the words, and those after them.
const ENDS = /^([\s\uE000\uE001]*)(.*?)([\s\uE000\uE001]*)$/s;
const trim = (text) => joinBold(closeGaps(text)).trim();

// What is struck out: by its tag, its own style, a class of a word processor, or a sheet of styles.
const isStruck = (node) =>
  /^(DEL|S|STRIKE)$/.test(node.tagName) ||
  /line-through(?!:none)/.test(styleOf(node)) ||
  /\bmsodel/i.test(node.getAttribute("class") ?? "");
const findStruckByRules = (body, html) => {
  const rules = [...html.matchAll(/<style[^>]*>(.*?)<\/style/gis)].flatMap(([, css]) =>
    css.replace(/<!--|-->|\/\*.*?\*\//gs, "").split("}"),
  );
  return rules.flatMap((rule) => {
    const [selector, style] = rule.split("{").slice(-2);
    if (!/line-through(?!\s*:\s*none)/i.test(style ?? "")) return [];
    try {
      return [...body.querySelectorAll(selector)];
    } catch {
      return []; // A selector that browsers do not know.
    }
  });
};
const leaveOut = (node) => {
  const mark = /\s/.test(node.textContent) ? WIDE_GAP : GAP;
  node.replaceChildren(...(BLOCKS.has(node.tagName) || holdsBlocks(node) ? [] : [mark]));
};
const isNoteMark = (node) =>
  [node.closest("a"), ...node.querySelectorAll("a")].some((link) => link?.getAttribute("href")?.includes("#"));
const APART = {
  "marks of notes": ".MsoFootnoteReference, .MsoEndnoteReference, a[href^='#_ftn'], a[href^='#_edn']",
  comments: ".MsoCommentReference, .msocomanchor, [data-style*='mso-element:comment']",
};
const SMALL = "sup, sub, [data-style*='vertical-align']";
const AS_THEY_ARE = /^(st|nd|rd|th|®|™|©)$/i;
// Takes out of `body` what no text may keep, writes raised letters with ^, and returns what is to be told.
const tidy = (body, html) => {
  const found = { struck: [], left: new Set(), plain: new Set(), raised: new Set() };
  for (const node of [...[...body.querySelectorAll("*")].filter(isStruck), ...findStruckByRules(body, html)]) {
    const words = node.textContent.replace(/[\s\uE000\uE001]+/g, " ").trim();
    if (words) found.struck.push(words);
    if (words) leaveOut(node);
  }
  for (const [name, selector] of Object.entries(APART))
    for (const node of body.querySelectorAll(selector)) {
      found.left.add(name);
      leaveOut(node);
    }
  for (const node of body.querySelectorAll("[data-style*='display']"))
    if (styleOf(node).includes("display:none")) leaveOut(node);
  for (const node of body.querySelectorAll(SMALL)) writeSmall(node, found);
  if (body.querySelector("u")) found.plain.add("underlines");
  if (body.querySelector("mark")) found.plain.add("colors");
  return found;
};
const writeSmall = (node, found) => {
  const [, position] = styleOf(node).match(/vertical-align:(super|sub)\b/) ?? [],
    words = trim(node.textContent);
  const isRaised = position ? position === "super" : node.tagName === "SUP";
  if (!words || (!position && !/^SU[PB]$/.test(node.tagName)) || AS_THEY_ARE.test(words)) return;
  if (isRaised && isNoteMark(node)) {
    found.left.add("marks of notes");
    node.replaceChildren(GAP);
  } else if (isRaised) {
    found.raised.add(`^${words}`);
    node.replaceChildren(`^${words}${GAP}`);
  } else {
    found.plain.add("lowered letters");
    node.replaceChildren(`${GAP}${words}${GAP}`);
  }
};

const escape = (text) => text.replace(/([\\*`])/g, "\\$1");
const escapeStart = (text) => text.replace(/^(#{1,6}|[+-]|>)(?=\s)/, "\\$1").replace(/^(\d+)([.)])(?=\s)/, "$1\\$2");

// Markdown of what stands in a line. `lost` collects the names of what is left out.
const writeInline = (node, lost) => {
  if (node.nodeType === Node.TEXT_NODE) return escape(node.data.replace(/\s+/g, " "));
  if (node.nodeType !== Node.ELEMENT_NODE || IGNORED.has(node.tagName)) return "";
  const style = styleOf(node),
    tag = node.tagName.toUpperCase();
  if (style.includes("mso-list:ignore")) return "";
  if (LOST[tag]) {
    lost.add(LOST[tag]);
    return GAP;
  }
  if (tag === "BR") return "\n";
  const words = [...node.childNodes].map((child) => writeInline(child, lost)).join("");
  if (!trim(words)) return words;
  if (tag === "A") return writeLink(node, words, lost);
  const sign = (isBold(tag, style) ? "**" : "") + (isItalic(tag, style) ? "*" : "");
  if (!sign || BLOCKS.has(tag) || words.includes("\n")) return words;
  const [, before, inner, after] = words.match(ENDS);
  return before + sign + dropMarks(inner, sign) + sign + after;
};
// A word processor also writes how letters of other scripts look: "mso-bidi-font-weight".
const WEIGHT = /(?:^|;)font-weight:(\w+)/;
const SLANT = /(?:^|;)font-style:(\w+)/;
const isBold = (tag, style) => {
  const [, weight] = style.match(WEIGHT) ?? [];
  if (/^(B|STRONG)$/.test(tag)) return !/^(normal|lighter|[1-5]00)$/.test(weight);
  return tag === "SPAN" && /^(bold|bolder|[6-9]00)$/.test(weight);
};
const isItalic = (tag, style) => {
  const [, slant] = style.match(SLANT) ?? [];
  return /^(I|EM|CITE)$/.test(tag) ? slant !== "normal" : tag === "SPAN" && /^(italic|oblique)$/.test(slant);
};
// Words that are bold within bold ones are bold once.
const dropMarks = (words, sign) => {
  const isSlanted = /^\*[^*]+\*$/.test(words);
  if (sign.length > 1) return words.replaceAll("**", "").replace(/^\*|\*$/g, sign === "***" ? "" : "$&");
  return isSlanted ? words.slice(1, -1) : words;
};
const writeLink = (node, words, lost) => {
  const [, before, inner, after] = words.match(ENDS);
  let address = node.getAttribute("href") ?? "";
  if (address.startsWith(`${location.origin}/`)) address = address.slice(location.origin.length);
  const isKept = SCHEMES.test(address) || /^\/(?!\/)/.test(address);
  if (!isKept && address && !address.startsWith("#")) lost.add("links that are not https");
  if (!isKept) return words;
  // What is encoded already stays as it is.
  const encoded = encodeURI(address).replace(/%25(?=[0-9a-f]{2})/gi, "%");
  const written = encoded.replaceAll("(", "%28").replaceAll(")", "%29");
  return `${before}[${inner.replace(/[[\]]/g, "")}](${written})${after}`;
};

const indent = (text, by) => text.replaceAll("\n", `\n${" ".repeat(by)}`);
const writeList = (list, lost) => {
  const items = [...list.children].flatMap((child) => {
    if (/^(UL|OL)$/.test(child.tagName)) return [`   ${indent(writeList(child, lost), 3)}`];
    const words = writeTexts(child, lost).join("\n");
    const sign = list.tagName === "OL" ? "1. " : "- ";
    return words ? [sign + indent(words, sign.length)] : [];
  });
  if (list.tagName !== "OL") return items.join("\n");
  let number = 0;
  return items.map((item) => item.replace(/^1\. /, () => `${(number += 1)}. `)).join("\n");
};
const JOINED = "joined cells";
const writeTable = (table, lost) => {
  const cells = [...table.rows].map((row) => [...row.cells].map((cell) => ({ cell, words: writeCell(cell, lost) })));
  if (cells.flat().some(({ cell }) => cell.colSpan > 1 || cell.rowSpan !== 1)) lost.add(JOINED);
  const rows = takeApart(cells);
  const width = Math.max(0, ...rows.map((row) => row.length));
  if (width < 2) return cells.flatMap((row) => row.map(({ words }) => words).filter(Boolean)).join("\n\n");
  const line = (row) => `| ${Array.from({ length: width }, (_, at) => row[at] ?? "").join(" | ")} |`;
  const [first, ...others] = rows;
  return [line(first), `|${"---|".repeat(width)}`, ...others.map(line)].join("\n");
};
const writeCell = (cell, lost) => writeTexts(cell, lost).join(" ").replace(/\s+/g, " ").replaceAll("|", "\\|");
// The rows of a table with each value in its column: a cell that is joined downwards stands in each of its rows,
// one that is joined to the right in the first of its columns. A column in which no cell begins is none.
const takeApart = (cells) => {
  const rows = cells.map(() => []),
    begun = new Set();
  cells.forEach((row, at) => {
    let column = 0;
    for (const { cell, words } of row) {
      while (column in rows[at]) column += 1;
      begun.add(column);
      for (const below of rows.slice(at, at + countRows(cell)))
        for (let right = 0; right < cell.colSpan; right += 1) below[column + right] ??= right ? "" : words;
    }
  });
  return rows.map((row) => row.filter((_, column) => begun.has(column)));
};
// A cell ends with its part of the table at the latest: its head, its body or its foot. 0 is as far as that.
const countRows = (cell) => {
  const left = cell.parentElement.parentElement.rows.length - cell.parentElement.sectionRowIndex;
  return Math.min(cell.rowSpan || left, left);
};
// A word processor writes a list as paragraphs that say so in their style.
const levelOf = (node) => Number(styleOf(node).match(/mso-list:\w+level(\d+)/)?.[1] ?? 0);
const writeListItem = (node, lost) => {
  const sign = node.textContent.match(/^\s*\(?(\d+)[.)]/) ? "1. " : "- ",
    words = trim(writeInline(node, lost)).replace(/^([·•§o▪-]|\d+[.)])\s+/, "");
  return "   ".repeat(levelOf(node) - 1) + sign + words;
};
// The blocks of text in an element.
const writeBlocks = (element, lost) => {
  const blocks = [];
  let line = "";
  const end = () => {
    const text = joinBold(closeGaps(line))
      .replace(/[^\S\n]*\n[^\S\n]*/g, "\n")
      .replace(/[^\S\n]+/g, " ")
      .trim();
    if (text) blocks.push(text.split("\n").map(escapeStart).join("\n"));
    line = "";
  };
  for (const node of element.childNodes) {
    const tag = node.tagName?.toUpperCase();
    if (!BLOCKS.has(tag) && !holdsBlocks(node)) {
      line += writeInline(node, lost);
      continue;
    }
    end();
    blocks.push(...writeBlock(node, tag, lost));
  }
  end();
  return blocks;
};
const writeTexts = (element, lost) => writeBlocks(element, lost).map((block) => block.item ?? block);
const holdsBlocks = (node) => [...(node.children ?? [])].some((one) => BLOCKS.has(one.tagName) || holdsBlocks(one));
const writeBlock = (node, tag, lost) => {
  if (tag === "UL" || tag === "OL") return [writeList(node, lost)].filter(Boolean);
  if (tag === "TABLE") return [writeTable(node, lost)].filter(Boolean);
  if (/^H[1-6]$/.test(tag)) {
    const words = trim(writeInline(node, lost).replaceAll(/\*\*|\n/g, ""));
    return words ? [`### ${words}`] : [];
  }
  if (levelOf(node)) return trim(node.textContent) ? [{ item: writeListItem(node, lost) }] : [];
  return writeBlocks(node, lost);
};
const join = (blocks) => {
  let text = "";
  blocks.forEach((block, at) => {
    const gap = block.item && blocks[at - 1]?.item ? "\n" : "\n\n";
    text += (at ? gap : "") + (block.item ?? block);
  });
  return text;
};

// Renamed, for the policy of the page refuses styles even where nothing is shown.
const parse = (html) =>
  new DOMParser().parseFromString(
    html.replace(/<(\/?)style\b/gi, "<$1template").replace(/\sstyle\s*=/gi, " data-style="),
    "text/html",
  ).body;
const BULLET = /^[ \t]*[•·▪◦●‣][ \t]+/gm;
const LINES = "p, div, li, tr, br, h1, h2, h3, h4, h5, h6";
const writePlain = (body) => {
  for (const node of body.querySelectorAll(LINES)) node.after("\n");
  return trim(body.textContent.replace(/[^\S\n]+/g, " ")).replace(/\s*\n\s*/g, "\n");
};
const quote = (words) => `“${words.length > 60 ? `${words.slice(0, 59)}…` : words}”`;
const write = ({ struck, left, plain, raised }) => {
  const parts = [...left].filter((name) => name !== JOINED),
    more = struck.length > 3 ? ` and ${struck.length - 3} more` : "";
  return [
    struck.length && `Struck-out words are left out: ${struck.slice(0, 3).map(quote).join(", ")}${more}.`,
    parts.length && `Left out of what you pasted: ${parts.join(", ")}.`,
    left.has(JOINED) &&
      "Joined cells are taken apart: words that stood beside several rows stand in each of them; " +
        "those above several columns stand in the first. Check the table.",
    plain.size && `Now plain letters: ${[...plain].join(", ")}.`,
    raised.size && `Raised letters are written ${[...raised].slice(0, 3).join(", ")}: check them.`,
  ]
    .filter(Boolean)
    .join(" ");
};
// The text to put in, '' to let the browser paste, and what is told of it.
const readClipboard = (data, isProse) => {
  const plain = data.getData("text/plain").replaceAll("\r\n", "\n"),
    html = data.getData("text/html");
  if (!html) {
    const lost = [...data.items].some((item) => item.kind === "file") ? "Left out of what you pasted: files." : "";
    return isProse ? { text: plain.replace(BULLET, "- "), plain, words: lost } : { text: plain, plain, words: "" };
  }
  const body = parse(html),
    found = tidy(body, html);
  if (isProse) return { text: join(writeBlocks(body, found.left)), plain, words: write(found) };
  const isChanged = found.struck.length || found.left.size || found.raised.size;
  return isChanged ? { text: writePlain(body), plain, words: write(found) } : { text: plain, plain, words: "" };
};
document.addEventListener("paste", (event) => {
  const field = event.target;
  if (!field.matches?.("textarea, input[type=text]")) return;
  const { text, plain, words } = readClipboard(event.clipboardData, field.matches("[data-prose]"));
  pastedInto = field;
  if (told.textContent !== words) told.textContent = words;
  if (text === plain || (!text && !words)) return; // The browser pastes it.
  event.preventDefault();
  const value = field.matches("input") ? text.replaceAll("\n", " ") : text;
  if (value) document.execCommand("insertText", false, value);
});
