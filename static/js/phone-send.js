// Sends what waits, the oldest first: a record, then its photos one by one. Whatever happens on the way – no signal, an
// expired login, an answer that was lost – it stays on the phone and is sent again under the same keys until the
// server confirms it. Runs in the page, and in the service worker when there is signal again.
"use strict";

class NoAnswer extends Error {}

class PhoneSender {
  static SLOWEST = 120000; // a photo over a weak signal
  static CLEAR = [403, 404, 409, 413, 422]; // a no that sending again does not change

  // tell(state): idle, sending, offline, signin, forbidden or error. changed(): something of what is kept did, here or
  // in another window.
  constructor(store, addresses, { tell = () => {}, changed = () => {} } = {}) {
    Object.assign(this, { store, addresses, tell });
    this.channel = new BroadcastChannel("phone");
    this.changed = () => { changed(); this.channel.postMessage("changed"); };
    this.channel.onmessage = changed;
    this.state = "idle";
    this.token = null;
    this.wait = 2000;
    this.timer = null;
    this.isBusy = this.isAskedAgain = this.isToRenew = false;
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

  // Renew what the phone knows, then send what waits. Of two windows one sends; the other looks again later.
  async send(lock = { ifAvailable: true }) {
    if (this.isBusy) { this.isAskedAgain = true; return; }
    this.isBusy = true;
    this.isAskedAgain = false;
    try {
      const round = (held) => (held ? this.round() : this.soon(5000));
      await (navigator.locks ? navigator.locks.request("phone-send", lock, round) : this.round());
    } finally {
      this.isBusy = false;
      if (this.isAskedAgain) this.soon(0);
    }
  }

  // For the service worker: send once no window does. Whether nothing is left that another try may send.
  async sendAll() {
    await this.send({});
    return this.state === "signin" || this.state === "forbidden" || !(await this.waiting()).length;
  }

  // A record that the server cannot take now holds no other back; without a connection or a login none is tried.
  async round() {
    this.settle("sending");
    let outcome = "error";
    try {
      outcome = await this.attempt(() => this.renew());
      const records = outcome === "done" ? await this.waiting() : [];
      for (const { uuid } of records) {
        const came = await this.attempt(() => this.deliver(uuid));
        if (came !== "done") outcome = came;
        if (came === "offline" || came === "signin") break;
      }
    } finally {
      this.settle(outcome === "done" ? "idle" : outcome);
    }
    if (outcome === "done") this.wait = 2000;
    else if ((outcome === "offline" || outcome === "error") && (await this.waiting()).length) {
      this.soon(this.wait);
      this.wait = Math.min(this.wait * 2, 60000);
    }
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
  async renew() {
    const response = await this.ask(this.addresses.data, {});
    if (response.status === 403) await this.store.lock(); // somebody else's phone now
    if (response.status !== 200) return PhoneSender.meaning(response);
    const { token, ...data } = await response.json();
    this.token = token;
    const known = await this.store.known();
    const isForgotten = known?.isForgotten && known.user.key === data.user.key && !this.isToRenew;
    // A phone that is full must still be able to send, which is what empties it.
    if (!isForgotten) await this.store.learn(data).catch(() => {});
    this.isToRenew = false;
    this.changed();
    return "done";
  }

  // Record first: what was found must not wait for its photos. done, or why not.
  async deliver(uuid) {
    const record = await this.store.record(uuid);
    if (record?.state === "waiting") {
      const body = JSON.stringify({ user: record.user, record: record.sealed });
      const response = await this.post(this.addresses.visit, { headers: { "Content-Type": "application/json" }, body });
      if (response.status !== 200) return this.refusedBy(record, response);
      const { outcome, url, photos } = await response.json();
      const left = record.photos.map((photo) => photo.uuid).filter((key) => !photos.includes(key));
      Object.assign(record, { state: "photos", outcome, url, left });
      await this.keep(record);
    }
    return record?.state === "photos" ? this.deliverPhotos(record) : "done"; // else another window sent it
  }

  async deliverPhotos(record) {
    let refusal = null;
    for (const key of [...record.left]) {
      const response = await this.postPhoto(record, key);
      if (response && PhoneSender.CLEAR.includes(response.status)) refusal = response; // the others may still come
      else if (response && response.status !== 200) return PhoneSender.meaning(response);
      // Somebody between us and the server may answer 200 to anything.
      else if (response && (await response.json()).outcome !== "kept") return "error";
      else {
        record.left = record.left.filter((other) => other !== key);
        await this.keep(record);
      }
    }
    if (refusal) return this.refusedBy(record, refusal);
    const { uuid, user, visit, visited_on, outcome, url, labels: { unit, place } } = record;
    await this.store.delivered(record, { uuid, user, visit, unit, place, visited_on, outcome, url, at: new Date().toISOString() });
    this.changed();
    return "done";
  }

  // null where the photo is no longer on the phone, which only a confirmed one is not.
  async postPhoto(record, key) {
    const kept = await this.store.photo(key);
    if (!kept) return null;
    const { name } = record.photos.find((photo) => photo.uuid === key), body = new FormData();
    body.append("photo", new Blob([kept.bytes], { type: "image/jpeg" }), name);
    const address = this.addresses.photo.replace(/0{8}-[0-]+/, record.uuid).replace(/1{8}-[1-]+/, key);
    return this.post(address, { body });
  }

  // A clear no is shown with the record, for people to decide; anything else is tried again.
  async refusedBy(record, response) {
    if (!PhoneSender.CLEAR.includes(response.status)) return PhoneSender.meaning(response);
    const { message = "" } = await response.json().catch(() => ({}));
    Object.assign(record, { state: "refused", was: record.state, message, status: response.status });
    await this.keep(record);
    return "done";
  }

  // How far a record has come. Where that cannot be written, it is only asked again.
  async keep(record) {
    await this.store.put(record).catch(() => {});
    this.changed();
  }

  async attempt(deed) {
    try {
      return await deed();
    } catch (error) {
      return error instanceof NoAnswer ? "offline" : "error";
    }
  }

  // A token is older than a login in another window: after a 403 once more, with a fresh one.
  async post(address, options) {
    const sent = () => this.ask(address, { ...options, method: "POST", headers: { ...options.headers, "X-CSRFToken": this.token } });
    const response = await sent();
    if (response.status !== 403 || (await this.renew()) !== "done") return response;
    return sent();
  }

  async ask(address, options) {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), PhoneSender.SLOWEST);
    try {
      return await fetch(address, { ...options, redirect: "manual", signal: stop.signal });
    } catch {
      throw new NoAnswer();
    } finally {
      clearTimeout(timer);
    }
  }

  static meaning(response) {
    if (response.type === "opaqueredirect" || response.status === 401) return "signin";
    return response.status === 403 || response.status === 404 ? "forbidden" : "error";
  }
}
