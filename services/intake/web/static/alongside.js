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

openLink();
// A second link followed in the same tab changes the part after the # alone, and loads nothing.
addEventListener("hashchange", openLink);
leaveForGood();
guessTimeZone();
sayLocalTimes();
suggestPlaces();
