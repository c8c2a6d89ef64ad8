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

let store, sender, form, turns = 0, listing = null, remark = "";

function notice(text) {
  const made = part("notice");
  made.querySelector(".notice > div").textContent = text;
  show.notices.append(made);
}

// --- The list -----------------------------------------------------------------------------------

// What is kept is looked up anew each time; of several looks at once only the last one shows what it found.
function list() {
  turns += 1;
  listing = look(turns);
  return listing;
}

async function look(turn) {
  const [known, all, receipts] = await Promise.all([store.known(), store.records(), store.sent()]);
  if (turn !== turns) return listing;
  const isMine = ({ user }) => user === known?.user.key && !known.isLocked;
  const mine = all.filter(isMine), others = all.length - mine.length, isOut = sender.state === "signin" || known?.isLocked;
  const focused = document.activeElement?.dataset.deed;
  fill(show.queue, mine.map((record) => recordCard(record)));
  const begun = new Set([...mine, ...receipts].map(({ visit }) => visit));
  const planned = isOut ? [] : (known?.visits ?? []).filter(({ key }) => !begun.has(key));
  fill(show.planned, planned.map((visit) => visitCard(visit, known)));
  show.nothing.hidden = !known || known.isForgotten || isOut || known.visits.length > 0;
  fill(show.sent, receipts.filter(isMine).map((receipt) => sentCard(receipt)));
  if (focused) views.list.querySelector(`[data-deed="${focused}"]`)?.focus();
  show.notices.replaceChildren();
  if (remark) notice(remark);
  if (!window.isSecureContext) notice(say("Insecure"));
  if (others) notice(say("Others", { count: others }));
  const isOffered = known?.cycles.some(({ is_offered }) => is_offered);
  const isKnown = known && !known.isForgotten && !known.isLocked;
  if (isKnown && !isOffered) notice(say("NoCycle"));
  tool.new.disabled = !isOffered || !isKnown;
  tool.forget.hidden = !isKnown;
  show.renewed.textContent = isKnown ? say("Renewed", { at: clock(known.learned_at) }) : "";
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
  if (!open && refused) return "SomeRefused";
  if (!open && drafts) return "SomeDrafts";
  if (!known || (known.isForgotten && !open)) return "NoData";
  if (!open) return "NothingWaits";
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

// key: of what it is about, so that a list that is shown anew gives the focus back.
function deed(name, key, done) {
  const made = part(name).firstElementChild;
  made.dataset.deed = `${name} ${key}`;
  made.addEventListener("click", done);
  return made;
}

function link(name, key, address) {
  const made = part(name).firstElementChild;
  made.dataset.deed = `${name} ${key}`;
  made.href = address;
  return made;
}

function recordCard(record) {
  const { labels, state } = record, photos = record.photos.length;
  const words = { draft: say("StateDraft"), waiting: say("StateWaiting"), photos: say("StatePhotos", { count: record.left?.length }), refused: say("StateRefused", { message: refusal(record) }) }[state];
  const deeds = state === "draft" ? [link("open-record", record.uuid, `#/record/${record.uuid}`)]
    : state === "refused" ? refusedDeeds(record) : [];
  const when = [record.visited_on, photos ? say("PhotoCount", { count: photos }) : ""].filter(Boolean).join(" · ");
  return card({ unit: labels.unit, place: labels.place, when, state: words, tone: state }, deeds);
}

// Not every no comes from the product: a proxy has no words of ours.
function refusal({ message, status }) {
  return message || say({ 403: "NotAllowed", 404: "NotThere", 413: "TooLarge" }[status] ?? "NotTaken");
}

// The server said no and kept nothing, so the same key may come again with other content.
function refusedDeeds(record) {
  const again = (changes) => async () => {
    await store.move(record.uuid, "refused", changes);
    if (changes.state === "draft") location.hash = `#/record/${record.uuid}`;
    else sender.soon(0);
    await list();
  };
  const deeds = [];
  if (record.was === "waiting") deeds.push(deed("mend-record", record.uuid, again({ state: "draft" })));
  if (record.was === "waiting" && record.visit !== null) {
    const own = { visit: null, place_name: record.place === null ? record.place_label : "" };
    deeds.push(deed("resend-record", record.uuid, again({ ...own, state: "waiting", sealed: { ...record.sealed, ...own } })));
  }
  if (record.was === "photos") deeds.push(deed("retry-record", record.uuid, again({ state: "photos" })));
  deeds.push(deed("delete-record", record.uuid, async () => {
    if (!confirm(say("DeleteRecord"))) return;
    await store.remove(record.uuid);
    await list();
  }));
  return deeds;
}

function visitCard(visit, known) {
  const start = deed("start-record", visit.key, () => begin(known, visit));
  return card({ unit: visit.unit, place: visit.place_label, when: visit.visited_on ?? say("NoDay") }, [start]);
}

function sentCard({ uuid, unit, place, visited_on, at, outcome, url }) {
  const state = say({ held: "Held", set_aside: "SetAside" }[outcome] ?? "Recorded", { at: clock(at) });
  return card({ unit, place, when: visited_on, state, tone: outcome }, [link("open-sent", uuid, url)]);
}

// --- Deeds --------------------------------------------------------------------------------------

async function begin(known, visit = null) {
  const record = PhoneForm.blank(known, visit);
  try {
    await store.put(record);
    location.hash = `#/record/${record.uuid}`;
  } catch (error) {
    remark = say(error?.name === "QuotaExceededError" ? "Full" : "Unkept");
    await list();
  }
}

async function route() {
  const { hash } = location, key = hash.match(/^#\/record\/([0-9a-f-]{36})$/)?.[1];
  const isKept = await form.close();
  if (!isKept && !confirm(say("LeaveUnkept"))) return stay();
  if (!isKept) form.leave(() => {});
  const [record, known] = key ? await Promise.all([store.record(key), store.known()]) : [];
  const isOpen = record?.state === "draft" && known?.user.key === record.user && !known.isLocked;
  if (isOpen) remark = "";
  else await list(); // before it is seen: nothing on it is out of date
  if (location.hash !== hash) return; // gone on meanwhile
  views.record.hidden = !isOpen;
  views.list.hidden = isOpen;
  if (isOpen) form.open(record, known);
  window.scrollTo(0, 0);
  document.getElementById("content").focus({ preventScroll: true });
}

// Back to the form whose draft could not be kept.
const stay = () => history.replaceState(null, "", `#/record/${form.record.uuid}`);

function overtaken() {
  remark = say("Overtaken");
  toList();
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
  sender = new PhoneSender(store, { data: dataUrl, visit: visitUrl, photo: photoUrl }, { tell: list, changed: list });
  sender.watch();
  form = new PhoneForm(views.record, store, say, { finished, deleted: toList, overtaken });
  tool.send.addEventListener("click", () => sender.soon(0));
  tool.renew.addEventListener("click", () => { sender.isToRenew = true; sender.soon(0); });
  tool.new.addEventListener("click", async () => {
    const known = await store.known();
    if (known?.cycles.some(({ is_offered }) => is_offered)) await begin(known);
  });
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
