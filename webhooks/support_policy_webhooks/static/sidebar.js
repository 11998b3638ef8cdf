// The sidebar's page. Whatever comes from a ticket is only ever set as text, never as markup.
"use strict";

(() => {
  const PATIENCE = 10_000; // milliseconds until the service counts as unreachable
  const part = (id) => document.getElementById(id);
  const page = part("page");
  const words = JSON.parse(page.dataset.words);
  let language = document.documentElement.lang;
  let ticket = "";
  let decision = null;
  let click = "";

  const say = (word) => words[language][word];

  function speak(locale) {
    const asked = (locale || "").toLowerCase().split("-")[0];
    language = asked in words ? asked : "en";
    document.documentElement.lang = language;
    document.title = say("page");
    for (const each of document.querySelectorAll("[data-word]")) {
      each.textContent = say(each.dataset.word);
    }
  }

  function made(tag, text) {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  }

  function fill(id, items) {
    part(id).replaceChildren(...items);
    const section = part(id).closest("section");
    if (id !== "notices") {
      section.hidden = items.length === 0;
    }
  }

  const lines = (texts) => texts.map((text) => made("li", text));

  function tell(word, { retry = false, more = "", quiet = false } = {}) {
    part("status").textContent = more ? `${say(word)} ${say(more)}` : say(word);
    part("status").classList.toggle("unseen", quiet);
    part("retry").hidden = !retry;
  }

  function ask(path, options = {}) {
    return fetch(`sidebar/tickets/${encodeURIComponent(ticket)}${path}`, {
      ...options,
      headers: { Authorization: `Bearer ${page.dataset.session}`, ...options.headers },
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE),
    });
  }

  async function load() {
    tell("loading", { retry: !part("retry").hidden }); // whoever pressed it keeps the focus
    try {
      const answer = await ask(`?locale=${language}`);
      if (answer.status === 401) {
        part("decided").hidden = true; // what stands there is old by now
        tell("expired");
      } else if (!answer.ok) {
        tell("unreachable", { retry: true });
      } else {
        show(await answer.json());
      }
    } catch {
      tell("unreachable", { retry: true });
    }
  }

  function show(found) {
    part("fee").hidden = false;
    paid(found.paid_help);
    part("decided").hidden = !found.decided;
    if (!found.decided) {
      tell("undecided", { more: "undecided_more", retry: true });
      return;
    }
    decision = found.decision;
    part("title").textContent = found.title;
    part("title").classList.toggle("c-tag--yellow", found.held);
    part("expected").textContent = found.expected;
    part("footer").textContent = found.footer;
    fill("notices", lines(found.notices));
    fill("clocks", found.clocks.map(clock));
    fill("why", lines(found.why));
    fill("why-not", lines(found.why_not));
    const options = [["", say("choose")], ...found.classes].map(([name, title]) => {
      const option = made("option", title);
      option.value = name;
      return option;
    });
    part("said").replaceChildren(...options);
    tell("loaded", { quiet: true });
  }

  function paid(help) {
    if (!help) {
      return;
    }
    part("fee-lines").replaceChildren(...help.lines.map((text) => made("p", text)));
    const opens = /^https?:/.test(help.address);
    part("fee-page").hidden = !opens;
    if (opens) {
      part("fee-page").href = help.address;
    }
  }

  function clock(each) {
    const item = document.createElement("li");
    item.append(
      made("strong", each.title),
      made("div", `${say("expected_by")} ${each.due}`),
      made("div", each.left),
    );
    return item;
  }

  function unfold(open) {
    part("objection").hidden = !open;
    part("wrong").setAttribute("aria-expanded", String(open));
    missing(false);
    if (open) {
      click = crypto.randomUUID(); // one press, one objection, however often it is sent
      part("outcome").textContent = "";
      part("said").focus();
    } else {
      part("wrong").focus();
    }
  }

  function missing(is) {
    part("said-missing").hidden = !is;
    if (is) {
      part("said").setAttribute("aria-invalid", "true");
      part("said").setAttribute("aria-describedby", "said-missing");
      part("said").focus();
    } else {
      part("said").removeAttribute("aria-invalid");
      part("said").removeAttribute("aria-describedby");
    }
  }

  async function send(event) {
    event.preventDefault();
    missing(!part("said").value);
    if (!part("said").value) {
      return;
    }
    part("outcome").textContent = say("sending");
    part("outcome").textContent = say(await outcome());
  }

  async function outcome() {
    const comment = part("comment").value;
    const body = JSON.stringify({ decision, click, class: part("said").value, comment });
    const headers = { "Content-Type": "application/json" };
    try {
      const { ok, status } = await ask("/objections", { method: "POST", headers, body });
      if (ok) {
        part("objection").reset();
        unfold(false);
        return "sent";
      }
      return { 401: "expired", 409: "refused" }[status] || "not_sent";
    } catch {
      return "not_sent";
    }
  }

  function fit(client) {
    const height = () => `${Math.ceil(page.getBoundingClientRect().height) + 8}px`;
    const resize = () => client.invoke("resize", { width: "100%", height: height() });
    new ResizeObserver(resize).observe(page);
  }

  async function begin() {
    const client = window.ZAFClient && window.ZAFClient.init();
    if (!client) {
      tell("outside");
      return;
    }
    fit(client);
    try {
      const known = await client.get(["ticket.id", "currentUser.locale"]);
      ticket = String(known["ticket.id"]);
      speak(known["currentUser.locale"]);
    } catch {
      tell("outside");
      return;
    }
    // Agents come back to a tab later; what they were writing stays.
    client.on("app.activated", () => part("objection").hidden && load());
    await load();
  }

  part("retry").addEventListener("click", load);
  part("wrong").addEventListener("click", () => unfold(part("objection").hidden));
  part("cancel").addEventListener("click", () => unfold(false));
  part("objection").addEventListener("submit", send);
  part("objection").addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      unfold(false);
    }
  });
  begin();
})();
