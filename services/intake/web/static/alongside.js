// What a script can make easier. Every page does its work without it.
"use strict";

// The link in a message carries its token after the #. It leaves the address bar before anything else happens.
const LINKS = {
  "/offer": { holder: "token", looks: /^[0-9a-z]{26}\.[0-9a-z]{22}$/ },
  "/volunteer": { holder: "key", looks: /^[0-9a-z]{26}\.[0-9a-z]{4}\.[0-9a-z]{22}$/ },
};

function openLink() {
  const token = location.hash.slice(1);
  const link = LINKS[location.pathname];
  if (!link || !link.looks.test(token)) return;
  history.replaceState(null, "", location.pathname);
  const form = document.createElement("form");
  form.method = "post";
  form.action = location.pathname;
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = link.holder;
  field.value = token;
  form.append(field);
  document.body.append(form);
  form.submit();
}

// Somebody who leaves in a hurry does not come back here by the back button.
function leaveForGood() {
  for (const link of document.querySelectorAll("a.exit")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      location.replace(link.href);
    });
  }
}

function guessTimeZone() {
  const list = document.querySelector("select[data-guess-zone]");
  if (!list || list.value) return;
  list.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (list.selectedIndex < 0) list.value = "";
}

// Times are written in UTC; here they are said as the reader's own clock shows them.
function sayLocalTimes() {
  const format = { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" };
  for (const time of document.querySelectorAll("time[data-local]")) {
    time.textContent = new Date(time.dateTime).toLocaleString("en-GB", format);
  }
}

// While somebody names a place, the operator's names are suggested. The list is the same for everybody, and what is
// typed is compared here: nothing of it is sent.
async function suggestPlaces() {
  const inputs = document.querySelectorAll("input[data-known]");
  if (!inputs.length) return;
  const answer = await fetch("/assets/places.json", { credentials: "omit" }).catch(() => null);
  if (!answer || !answer.ok) return;
  const chosen = { organisation: new Map(), unit: new Map(), town: new Map() };
  for (const [part, names] of Object.entries(await answer.json())) {
    for (const place of names) {
      const [name, ...around] = place;
      const whole = around.filter((each) => each && !name.includes(each));
      chosen[part].set([name, ...whole].join(", "), place);
    }
    const list = document.createElement("datalist");
    list.id = `known-${part}`;
    list.append(...Array.from(chosen[part].keys(), (text) => new Option("", text)));
    document.body.append(list);
  }
  for (const input of inputs) {
    input.setAttribute("list", `known-${input.dataset.known}`);
    input.addEventListener("change", () => divide(input, chosen[input.dataset.known].get(input.value)));
  }
}

// A place that was chosen as a whole is divided among its inputs.
function divide(input, place) {
  if (!place) return;
  const order = { organisation: ["organisation", "town"], unit: ["unit", "organisation", "town"], town: ["town"] };
  order[input.dataset.known].forEach((part, at) => {
    if (place[at]) input.closest(".place").querySelector(`[data-known=${part}]`).value = place[at];
  });
}

// Finding a word by its other names, in the order in which shared/vocabulary/finding.py finds it; a test compares the two.
const SAYS_NOTHING = /^(and|of|the|in|for|to|with)$/;
const TELLS_LITTLE = new Set(
  (
    "adult acute advanced bank care clinical clinic community department floor general health hospital lab laboratory " +
    "medical medicine nurse nursing other practice practitioner service special specialist student surgery surgical " +
    "team temp therapy unit ward work"
  ).split(" ").map(stem),
);

function plain(text) {
  const bare = text.normalize("NFKD").toLowerCase().replace(/[\u0300-\u036f'’‘ʼ`´′]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ");
  const words = bare.split(" ").filter((word) => word && !SAYS_NOTHING.test(word)).join(" ");
  return words.replace(/\b(\w) (?=\w\b)/g, "$1").split(" ").filter(Boolean).map(oneSpelling);
}

function oneSpelling(word) {
  if (word.length < 4) return word;
  return word.replace(/ae|oe/g, "e").replace(/our/g, "or").replace(/z/g, "s").replace(/ll/g, "l");
}

function stem(word) {
  return word.replace(/^(.{4,}?)(?:icists?|icians?|ians?|ists?|ical|ics?|er(?:y|ies)|eons?|ings?|ies|es?|y|s)$|^(.{6,})ers?$/, "$1$2");
}

// How well a name fits, the smaller the better: the kind, then what decides within the kind. Nothing if it does not.
function rank(typed, name) {
  const stems = typed.map(stem), words = name.split(" "), own = words.map(stem);
  const within = own.every((each) => stems.includes(each));
  if (within && stems.every((each) => own.includes(each))) return [0, own.join() === stems.join() ? 0 : 1, 0];
  const begins = (each, place) => own.includes(stems[place]) || words.some((word) => word.startsWith(each));
  if (typed.every(begins)) return [1, stems.filter((each) => !own.includes(each)).length, words.length];
  const telling = new Set(own.filter((each) => !TELLS_LITTLE.has(each))).size;
  const last = Math.max(...own.map((each) => stems.lastIndexOf(each)));
  return within && telling ? [2, -telling, -last] : null;
}

const order = (one, other) => one[0] - other[0] || one[1] - other[1] || one[2] - other[2];

// The elements that have a fitting name, the likeliest first, and the one that is meant: the only one that is called
// just so, else the only one found at all.
function found(text, named) {
  const typed = plain(text);
  const ranked = [];
  for (const element of typed.length ? named : []) {
    const ranks = element.dataset.names.split("|").map((name) => rank(typed, name)).filter(Boolean).sort(order);
    if (ranks.length) ranked.push({ element, rank: ranks[0] });
  }
  ranked.sort((one, other) => order(one.rank, other.rank));
  const likely = ranked.filter((each) => ranked[0].rank[0] || !order(each.rank, ranked[0].rank));
  return { elements: ranked.map((each) => each.element), meant: likely.length === 1 ? likely[0].element : null };
}

function narrowList(list, whole, found, chosen) {
  const options = found.map((option) => option.cloneNode(true));
  list.replaceChildren(...(options.length ? [whole[0], ...options] : whole));
  list.value = chosen;
  if (list.selectedIndex < 0) list.value = "";
}

function narrowBoxes(boxes, found) {
  for (const box of boxes) box.hidden = found.length > 0 && !found.includes(box) && !box.querySelector(":checked");
  for (const group of new Set(boxes.map((box) => box.closest("fieldset")))) {
    group.hidden = !group.querySelector(".box:not([hidden])");
  }
}

function offerToFind() {
  for (const part of document.querySelectorAll(".find")) {
    const field = part.closest(".field"), typing = part.querySelector("input"), says = part.querySelector("output");
    const named = [...field.querySelectorAll(".box[data-names]")];
    const lists = [...field.querySelectorAll("select")].map((list) => ({ list, whole: [...list.children] }));
    const options = lists.length ? [...lists[0].list.options].filter((option) => option.dataset.names) : named;
    typing.addEventListener("input", () => {
      const { elements, meant } = found(typing.value, options);
      const one = lists.length === 1 ? meant : null;
      narrowBoxes(named, elements);
      for (const { list, whole } of lists) {
        // Of several lists those are left alone in which something is chosen.
        if (lists.length === 1 || !list.value) narrowList(list, whole, elements, one ? one.value : list.value);
      }
      const { none, several } = typing.dataset;
      says.textContent = plain(typing.value).length ? (one ? one.text : elements.length ? several : none) : "";
    });
    part.hidden = false;
  }
}

openLink();
// A second link followed in the same tab changes the part after the # alone, and loads nothing.
addEventListener("hashchange", openLink);
leaveForGood();
guessTimeZone();
sayLocalTimes();
suggestPlaces();
offerToFind();
