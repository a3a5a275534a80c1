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

openLink();
// A second link followed in the same tab changes the part after the # alone, and loads nothing.
addEventListener("hashchange", openLink);
leaveForGood();
guessTimeZone();
sayLocalTimes();
