// The phone's page: the list of what waits, what is to be done and what was sent; a record opens at #/record/<key>.
"use strict";

const root = document.getElementById("phone");
const say = (name, values = {}) =>
  (root.dataset[`t${name}`] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
const views = Object.fromEntries([...document.querySelectorAll("[data-view]")].map((view) => [view.dataset.view, view]));
const show = Object.fromEntries([...document.querySelectorAll(".phone-bar [data-show], [data-view=list] [data-show]")].map((part) => [part.dataset.show, part]));
const tool = Object.fromEntries([...views.list.querySelectorAll("[data-do]")].map((part) => [part.dataset.do, part]));
const part = (name) => views.list.querySelector(`template[data-part=${name}]`).content.cloneNode(true);
const clock = (text) => new Date(text).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });

let store, sender, form, turns = 0;

function notice(text) {
  const made = part("notice");
  made.querySelector(".notice > div").textContent = text;
  show.notices.append(made);
}

// --- The list -----------------------------------------------------------------------------------

async function list() {
  const turn = (turns += 1);
  const [known, all, receipts] = await Promise.all([store.known(), store.records(), store.sent()]);
  if (turn !== turns) return; // a later look shows what is newer
  const mine = all.filter(({ user }) => user === known?.user.key), others = all.length - mine.length;
  const isOut = sender.state === "signin" || sender.state === "forbidden";
  fill(show.queue, mine.map((record) => recordCard(record)));
  const begun = new Set([...mine, ...receipts].map(({ visit }) => visit));
  const planned = isOut ? [] : (known?.visits ?? []).filter(({ key }) => !begun.has(key));
  fill(show.planned, planned.map((visit) => visitCard(visit, known)));
  show.nothing.hidden = !known || isOut || known.visits.length > 0;
  fill(show.sent, receipts.filter(({ user }) => user === known?.user.key).map((receipt) => sentCard(receipt)));
  show.notices.replaceChildren();
  if (!window.isSecureContext) notice(say("Insecure"));
  if (others) notice(say("Others", { count: others }));
  const isOffered = known?.cycles.some(({ is_offered }) => is_offered);
  if (known && !isOffered) notice(say("NoCycle"));
  tool.new.disabled = !isOffered;
  tool.forget.hidden = !known;
  show.renewed.textContent = known ? say("Renewed", { at: clock(known.learned_at) }) : "";
  status(known, mine);
}

// One sentence on what waits, said anew only where it is another.
function status(known, mine) {
  const open = mine.filter(({ state }) => state === "waiting" || state === "photos");
  const photos = open.reduce((sum, record) => sum + (record.left ?? record.photos).length, 0);
  const refused = mine.filter(({ state }) => state === "refused").length, drafts = mine.length - open.length - refused;
  const { state } = sender, isShut = state === "signin" || state === "forbidden";
  const text = say(sentence(state, known, { open: open.length, refused, drafts }), { records: open.length, photos, refused, drafts });
  if (show.status.textContent !== text) show.status.textContent = text;
  Object.assign(show["status-box"].dataset, { state: isShut || open.length ? state : "idle", waiting: open.length, refused });
  show.login.hidden = state !== "signin";
  tool.send.hidden = !open.length;
  signal();
}

function sentence(state, known, { open, refused, drafts }) {
  if (state === "signin") return open ? "Signin" : "NothingSignin";
  if (state === "forbidden") return open ? "Forbidden" : "NoRight";
  if (!known) return "NoData";
  if (!open) return refused ? "SomeRefused" : drafts ? "SomeDrafts" : "NothingWaits";
  return { sending: "Sending", offline: "WaitsOffline", error: "Error" }[state] ?? "Waits";
}

function signal() {
  const isOn = navigator.onLine && sender.state !== "offline";
  show.signal.textContent = say(isOn ? "Online" : "Offline");
  show.signal.classList.toggle("is-off", !isOn);
}

function fill(section, cards) {
  section.hidden = !cards.length;
  section.querySelector("ul").replaceChildren(...cards);
}

function card({ unit, place, when, state = "", tone = "" }, deeds) {
  const made = part("card"), item = made.firstElementChild;
  for (const [slot, text] of Object.entries({ unit: unit || say("UnknownUnit"), place, when, state })) {
    item.querySelector(`[data-slot=${slot}]`).textContent = text ?? "";
  }
  item.dataset.tone = tone;
  item.querySelector(".phone-card-deeds").append(...deeds);
  return item;
}

function deed(name, done) {
  const made = part(name).firstElementChild;
  made.addEventListener("click", done);
  return made;
}

function link(name, address) {
  const made = part(name).firstElementChild;
  made.href = address;
  return made;
}

function recordCard(record) {
  const { labels, state } = record, photos = record.photos.length;
  const words = { draft: say("StateDraft"), waiting: say("StateWaiting"), photos: say("StatePhotos", { count: record.left?.length }), refused: say("StateRefused", record) }[state];
  const deeds = state === "draft" ? [link("open-record", `#/record/${record.uuid}`)]
    : state === "refused" ? refusedDeeds(record) : [];
  const when = [record.visited_on, photos ? say("PhotoCount", { count: photos }) : ""].filter(Boolean).join(" · ");
  return card({ unit: labels.unit, place: labels.place, when, state: words, tone: state }, deeds);
}

// The server said no and kept nothing, so the same key may come again with other content.
function refusedDeeds(record) {
  const again = (changes) => async () => {
    await store.put({ ...record, ...changes });
    if (changes.state === "draft") location.hash = `#/record/${record.uuid}`;
    else sender.soon(0);
    await list();
  };
  const deeds = [];
  if (record.was === "waiting") deeds.push(deed("mend-record", again({ state: "draft" })));
  if (record.was === "waiting" && record.visit !== null) {
    const own = { visit: null, place_name: record.place === null ? record.place_label : "" };
    deeds.push(deed("resend-record", again({ ...own, state: "waiting", sealed: { ...record.sealed, ...own } })));
  }
  if (record.was === "photos") deeds.push(deed("retry-record", again({ state: "photos" })));
  deeds.push(deed("delete-record", async () => {
    if (!confirm(say("DeleteRecord"))) return;
    await store.remove(record.uuid);
    await list();
  }));
  return deeds;
}

function visitCard(visit, known) {
  const start = deed("start-record", () => begin(known, visit));
  return card({ unit: visit.unit, place: visit.place_label, when: visit.visited_on ?? say("NoDay") }, [start]);
}

function sentCard({ unit, place, visited_on, at, outcome, url }) {
  const state = say(outcome === "held" ? "Held" : "Recorded", { at: clock(at) });
  return card({ unit, place, when: visited_on, state, tone: outcome }, [link("open-sent", url)]);
}

// --- Deeds --------------------------------------------------------------------------------------

async function begin(known, visit = null) {
  const record = PhoneForm.blank(known, visit);
  await kept(() => store.put(record));
  location.hash = `#/record/${record.uuid}`;
}

async function kept(deed) {
  try {
    await deed();
  } catch (error) {
    full(error);
  }
}

function full(error) {
  if (error?.name === "QuotaExceededError") alert(say("Full"));
  else throw error;
}

async function route() {
  const { hash } = location, key = hash.match(/^#\/record\/([0-9a-f-]{36})$/)?.[1];
  await form.close();
  const [record, known] = key ? await Promise.all([store.record(key), store.known()]) : [];
  if (location.hash !== hash) return; // gone on meanwhile
  const isOpen = record?.state === "draft" && known?.user.key === record.user;
  views.record.hidden = !isOpen;
  views.list.hidden = isOpen;
  if (isOpen) form.open(record, known);
  window.scrollTo(0, 0);
  document.getElementById("content").focus({ preventScroll: true });
  if (!isOpen) await list();
}

// Sent now where there is signal; else when it returns, by the service worker where the page is closed by then.
async function finished() {
  toList();
  sender.soon(0);
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.sync?.register("send").catch(() => {}); // not every browser offers it
}

const toList = () => { if (location.hash === "#/") return route(); location.hash = "#/"; };

// --- Beginning ----------------------------------------------------------------------------------

function offerInstalling() {
  let offer = null;
  window.addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer = event;
    tool.install.hidden = false;
  });
  tool.install.addEventListener("click", async () => {
    tool.install.hidden = true;
    await offer?.prompt();
  });
}

async function start() {
  if (document.cookie.includes("text_size=larger")) document.documentElement.classList.add("larger-text");
  try {
    store = await PhoneStore.open();
  } catch {
    return notice(say("NoStore"));
  }
  const { dataUrl, visitUrl, photoUrl } = root.dataset;
  const listed = () => (views.list.hidden ? signal() : list());
  sender = new PhoneSender(store, { data: dataUrl, visit: visitUrl, photo: photoUrl }, { tell: listed, changed: listed });
  sender.watch();
  form = new PhoneForm(views.record, store, say, { finished, deleted: toList, full });
  tool.send.addEventListener("click", () => sender.soon(0));
  tool.renew.addEventListener("click", () => sender.soon(0));
  tool.new.addEventListener("click", async () => begin(await store.known()));
  tool.forget.addEventListener("click", async () => {
    if (!confirm(say("Forget"))) return;
    await store.forget();
    await list();
  });
  window.addEventListener("hashchange", route);
  window.addEventListener("offline", signal);
  offerInstalling();
  await route();
  sender.soon(0);
  navigator.storage?.persist?.();
  if (window.isSecureContext && "serviceWorker" in navigator) await navigator.serviceWorker.register(root.dataset.workerUrl, { scope: root.dataset.pageUrl });
}

start();
