// Sends what waits, the oldest first: a record, then its photos one by one. Whatever happens on the way – no signal, an
// expired login, an answer that was lost – it stays on the phone and is sent again under the same keys until the
// server confirms it.
"use strict";

class PhoneSender {
  static SLOWEST = 120000; // a photo over a weak signal

  // Runs in the page, and in the service worker when there is signal again. tell(state): idle, sending, offline, signin,
  // forbidden or error. changed(): something of what is kept did, here or in another window.
  constructor(store, addresses, { tell = () => {}, changed = () => {} } = {}) {
    Object.assign(this, { store, addresses, tell });
    this.channel = new BroadcastChannel("phone");
    this.changed = () => { changed(); this.channel.postMessage("changed"); };
    this.channel.onmessage = changed;
    this.state = "idle";
    this.token = null;
    this.wait = 2000;
    this.timer = null;
    this.isBusy = false;
  }

  // Of a page: whatever may mean that there is signal again.
  watch() {
    const again = () => { if (!document.hidden) this.soon(0); };
    window.addEventListener("online", again);
    window.addEventListener("focus", again);
    window.addEventListener("pageshow", again);
    document.addEventListener("visibilitychange", again);
  }

  soon(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), delay);
  }

  // Renew what the phone knows, then send what waits. Of two windows one sends, and the other need not.
  async send(lock = { ifAvailable: true }) {
    if (this.isBusy) return;
    this.isBusy = true;
    try {
      if (navigator.locks) await navigator.locks.request("phone-send", lock, (held) => held && this.round());
      else await this.round();
    } finally {
      this.isBusy = false;
    }
  }

  async round() {
    this.settle("sending");
    let outcome = await this.renew();
    if (outcome === "done") {
      for (const { uuid } of await this.waiting()) {
        outcome = await this.attempt(() => this.deliver(uuid));
        if (outcome !== "done") break;
      }
    }
    if (outcome === "done") this.wait = 2000;
    this.settle(outcome === "done" ? "idle" : outcome);
    if ((outcome === "offline" || outcome === "error") && (await this.waiting()).length) {
      this.soon(this.wait);
      this.wait = Math.min(this.wait * 2, 60000);
    }
  }

  // For the service worker: send once no window does. Whether nothing is left that another try may send.
  async sendAll() {
    await this.send({});
    return this.state === "signin" || this.state === "forbidden" || !(await this.waiting()).length;
  }

  settle(state) {
    this.state = state;
    this.tell(state);
  }

  async waiting() {
    const records = await this.store.records(), known = await this.store.known();
    return records.filter(({ state, user }) => user === known?.user.key && (state === "waiting" || state === "photos"));
  }

  // Also where nothing waits: the visits to make, and a token that fits the present login.
  renew() {
    return this.attempt(async () => {
      const response = await this.ask(this.addresses.data, {});
      if (response.status !== 200) return PhoneSender.meaning(response);
      const { token, ...data } = await response.json();
      this.token = token;
      await this.store.learn(data);
      this.changed();
      return "done";
    });
  }

  // Record first: what was found must not wait for its photos. done, or why not.
  async deliver(uuid) {
    const record = await this.store.record(uuid);
    if (!record) return "done"; // another window sent it
    if (record.state === "waiting") {
      const body = JSON.stringify({ user: record.user, record: record.sealed });
      const headers = { "Content-Type": "application/json" };
      const response = await this.ask(this.addresses.visit, { method: "POST", headers, body });
      if (response.status !== 200) return this.failed(record, response);
      const { outcome, url, photos } = await response.json();
      Object.assign(record, { state: "photos", outcome, url, left: record.photos.map((photo) => photo.uuid).filter((key) => !photos.includes(key)) });
      await this.store.put(record);
      this.changed();
    }
    for (const key of [...record.left]) {
      const outcome = await this.deliverPhoto(record, key);
      if (outcome !== "done") return outcome;
    }
    const { user, visit, visited_on, outcome, url, labels: { unit, place } } = record;
    await this.store.delivered(record, { uuid, user, visit, unit, place, visited_on, outcome, url, at: new Date().toISOString() });
    this.changed();
    return "done";
  }

  async deliverPhoto(record, key) {
    const kept = await this.store.photo(key);
    if (kept) {
      const { name } = record.photos.find((photo) => photo.uuid === key), body = new FormData();
      body.append("photo", new Blob([kept.bytes], { type: "image/jpeg" }), name);
      const response = await this.ask(this.address(record.uuid, key), { method: "POST", body });
      if (response.status !== 200) return this.failed(record, response);
    }
    record.left = record.left.filter((other) => other !== key);
    await this.store.put(record);
    this.changed();
    return "done";
  }

  // A clear no is shown with the record and holds no other back; everything else is tried again.
  async failed(record, response) {
    const isClear = [404, 409, 413, 422].includes(response.status);
    if (!isClear) return PhoneSender.meaning(response);
    const answer = await response.json().catch(() => ({}));
    Object.assign(record, { state: "refused", was: record.state, message: answer.message ?? `${response.status}` });
    await this.store.put(record);
    this.changed();
    return "done";
  }

  async attempt(deed) {
    try {
      return await deed();
    } catch {
      return "offline"; // no connection, or no answer in time
    }
  }

  address(record, photo) {
    return this.addresses.photo.replace(/0{8}-[0-]+/, record).replace(/1{8}-[1-]+/, photo);
  }

  ask(address, options) {
    const headers = { ...options.headers, ...(options.method ? { "X-CSRFToken": this.token } : {}) };
    return fetch(address, { ...options, headers, redirect: "manual", signal: AbortSignal.timeout(PhoneSender.SLOWEST) });
  }

  static meaning(response) {
    if (response.type === "opaqueredirect" || response.status === 401) return "signin";
    return response.status === 403 || response.status === 404 ? "forbidden" : "error";
  }
}
