// What is pasted into prose from a word processor, a web page or a sheet keeps its paragraphs, headings,
// lists, links and tables, written as Markdown. What prose cannot hold is left out, and named.
const said = document.getElementById("prose-said");
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
const escape = (text) => text.replace(/([\\*`])/g, "\\$1");
const escapeStart = (text) => text.replace(/^(#{1,6}|[+-]|>)(?=\s)/, "\\$1").replace(/^(\d+)([.)])(?=\s)/, "$1\\$2");

// Markdown of what stands in a line. `lost` collects the names of what is left out.
const writeInline = (node, lost) => {
  if (node.nodeType === Node.TEXT_NODE) return escape(node.data.replace(/\s+/g, " "));
  if (node.nodeType !== Node.ELEMENT_NODE || IGNORED.has(node.tagName)) return "";
  const style = styleOf(node),
    tag = node.tagName.toUpperCase();
  if (style.includes("mso-list:ignore") || style.includes("display:none")) return "";
  if (LOST[tag]) {
    lost.add(LOST[tag]);
    return "";
  }
  if (tag === "BR") return "\n";
  const words = [...node.childNodes].map((child) => writeInline(child, lost)).join("");
  if (!words.trim()) return words;
  if (tag === "A") return writeLink(node, words, lost);
  if (["U", "S", "STRIKE", "DEL", "SUB", "SUP", "MARK"].includes(tag)) lost.add(FORMATS[tag] ?? "lines through words");
  const isBold = (/^(B|STRONG)$/.test(tag) && !/font-weight:(normal|400)/.test(style)) || isStyledBold(tag, style);
  const isItalic = /^(I|EM|CITE)$/.test(tag)
    ? !style.includes("font-style:normal")
    : style.includes("font-style:italic");
  const sign = (isBold ? "**" : "") + (isItalic && !isBold ? "*" : "");
  if (!sign || BLOCKS.has(tag) || words.includes("\n")) return words;
  const [, before, inner, after] = words.match(/^(\s*)(.*?)(\s*)$/s);
  return before + sign + inner + sign + after;
};
const FORMATS = { U: "underlines", SUB: "small letters", SUP: "small letters", MARK: "colors" };
const isStyledBold = (tag, style) => tag === "SPAN" && /font-weight:(bold|[6-9]00)/.test(style);
const writeLink = (node, words, lost) => {
  const [, before, inner, after] = words.match(/^(\s*)(.*?)(\s*)$/s);
  let address = node.getAttribute("href") ?? "";
  if (address.startsWith(`${location.origin}/`)) address = address.slice(location.origin.length);
  const isKept = SCHEMES.test(address) || /^\/(?!\/)/.test(address);
  if (!isKept && address && !address.startsWith("#")) lost.add("links that are not https");
  if (!isKept) return words;
  const written = encodeURI(decode(address)).replaceAll("(", "%28").replaceAll(")", "%29");
  return `${before}[${inner.replace(/[[\]]/g, "")}](${written})${after}`;
};
const decode = (address) => {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
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
const writeTable = (table, lost) => {
  const rows = [...table.rows].map((row) =>
    [...row.cells].map((cell) => writeTexts(cell, lost).join(" ").replace(/\s+/g, " ").replaceAll("|", "\\|")),
  );
  const width = Math.max(0, ...rows.map((row) => row.length));
  if ([...table.querySelectorAll("[colspan], [rowspan]")].some((cell) => cell.colSpan > 1 || cell.rowSpan > 1))
    lost.add("joined cells");
  if (width < 2) return rows.flat().filter(Boolean).join("\n\n");
  const line = (cells) => `| ${Array.from({ length: width }, (_, at) => cells[at] ?? "").join(" | ")} |`;
  const [first, ...others] = rows;
  return [line(first), `|${"---|".repeat(width)}`, ...others.map(line)].join("\n");
};
// A word processor writes a list as paragraphs that say so in their style.
const levelOf = (node) => Number(styleOf(node).match(/mso-list:\w+level(\d+)/)?.[1] ?? 0);
const writeListItem = (node, lost) => {
  const sign = node.textContent.match(/^\s*\(?(\d+)[.)]/) ? "1. " : "- ",
    words = writeInline(node, lost)
      .trim()
      .replace(/^([·•§o▪-]|\d+[.)])\s+/, "");
  return "   ".repeat(levelOf(node) - 1) + sign + words;
};
// The blocks of text in an element.
const writeBlocks = (element, lost) => {
  const blocks = [];
  let line = "";
  const end = () => {
    const text = line
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
    const words = writeInline(node, lost)
      .replaceAll(/\*\*|\n/g, "")
      .trim();
    return words ? [`### ${words}`] : [];
  }
  if (levelOf(node)) return [{ item: writeListItem(node, lost) }];
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
const readClipboard = (data) => {
  const lost = new Set(),
    plain = data.getData("text/plain").replaceAll("\r\n", "\n"),
    html = data.getData("text/html");
  if ([...data.items].some((item) => item.kind === "file") && !html) lost.add("files");
  const text = html ? join(writeBlocks(parse(html), lost)) : plain.replace(BULLET, "- ");
  return { text, plain, lost: [...lost] };
};
document.addEventListener("paste", (event) => {
  const field = event.target;
  if (!field.matches?.("textarea[data-prose]")) return;
  const { text, plain, lost } = readClipboard(event.clipboardData);
  const told = lost.length ? `Left out of what you pasted: ${lost.join(", ")}.` : "";
  if (said.textContent !== told) said.textContent = told;
  said.classList.toggle("visually-hidden", !told);
  if (told) field.closest(".prose").append(said);
  if (!text || text === plain) return; // The browser pastes it.
  event.preventDefault();
  document.execCommand("insertText", false, text);
});
