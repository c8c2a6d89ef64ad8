// What was typed and is not saved yet waits in this browser, cell by cell, until the server confirms it: through a
// dropped connection, an expired login, a reload and a restart. Kept by user and cycle.
"use strict";

class WaitingCells {
  constructor(user, cycle) {
    this.prefix = `entry:${user}:${cycle}:`;
    this.memory = new Map();
    this.written = new Map(); // by this tab, as it stands in the storage unless another one wrote there since
    this.held = new Map();
    this.isLasting = true;
    try {
      for (let at = 0; at < localStorage.length; at += 1) {
        const name = localStorage.key(at);
        if (!name.startsWith(this.prefix)) continue;
        const key = name.slice(this.prefix.length), text = localStorage.getItem(name), item = WaitingCells.read(text);
        if (!item) continue;
        this.memory.set(key, item);
        this.written.set(key, text);
      }
    } catch {
      this.isLasting = false;
    }
  }

  static read(text) {
    try {
      const item = JSON.parse(text);
      return item && typeof item.text === "string" && Number.isInteger(item.version) ? item : null;
    } catch {
      return null;
    }
  }

  // item: { text, version: of the score it was typed over, page: where it was typed, sent: texts whose answer is not
  // known yet }. why: it is not sent yet; "refused", "conflict" (a choice is awaited) or "typing".
  put(key, item, why = "") {
    this.hold(key, why);
    this.keep(key, item);
  }

  keep(key, item) {
    const text = JSON.stringify(item);
    this.memory.set(key, item);
    this.written.set(key, text);
    try {
      localStorage.setItem(this.prefix + key, text);
    } catch {
      this.isLasting = false;
    }
  }

  // Whether no other tab has put a newer text there since, which is for that one to send.
  isLast(key) {
    try {
      return localStorage.getItem(this.prefix + key) === this.written.get(key);
    } catch {
      return false;
    }
  }

  remove(key) {
    if (this.isLast(key)) localStorage.removeItem(this.prefix + key);
    for (const map of [this.memory, this.written, this.held]) map.delete(key);
  }

  // An answer may be lost after the save: what was sent may be what the server has.
  noteSent(key) {
    const item = this.get(key), noted = { ...item, sent: [...new Set([...this.sent(key), item.text])] };
    if (this.isLast(key)) this.keep(key, noted); else this.memory.set(key, noted);
  }

  noteAnswered(key) {
    if (this.sent(key).length) this.memory.set(key, { ...this.get(key), sent: [] });
  }

  sent(key) { return this.get(key)?.sent ?? []; }

  hold(key, why) {
    if (why) this.held.set(key, why); else this.held.delete(key);
  }

  heldFor(key) { return this.held.get(key) ?? ""; }
  isHeld(key) { return this.held.has(key); }
  get(key) { return this.memory.get(key); }
  get size() { return this.memory.size; }
  entries() { return [...this.memory]; }
}

// Sends what waits, one request at a time, and tries again as long as it must.
class CellSender {
  static MOST = 5000;
  static SLOWEST = 30000;

  // tell(state): idle, saving, offline, signin, forbidden, closed or error. received(results, sent by key).
  constructor(waiting, { url, user, token, closed }, { tell, received }) {
    Object.assign(this, { waiting, url, user, token, tell, received });
    this.state = closed ? "closed" : "idle";
    this.wait = 1000;
    this.timer = null;
    this.sending = new Map();
    const again = () => { if (!document.hidden) this.soon(0, { retry: true }); };
    window.addEventListener("online", again);
    window.addEventListener("focus", again);
    document.addEventListener("visibilitychange", again);
    // The last word of a page that is left; what it came to is learned on return.
    window.addEventListener("pagehide", () => this.parting());
  }

  soon(delay = 100, { retry = false } = {}) {
    if (this.state === "closed" || (this.state === "forbidden" && !retry)) return;
    if (this.timer !== null && retry && this.state === "idle") return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.timer = null; this.send(); }, delay);
  }

  batch() {
    return this.waiting.entries().filter(([key]) => !this.waiting.isHeld(key)).slice(0, CellSender.MOST);
  }

  request(batch) {
    const cells = batch.map(([key, { text, version }]) => {
      this.waiting.noteSent(key);
      const [review, indicator] = key.split("-").map(Number);
      return { review, indicator, text: text.slice(0, 200), version };
    });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": this.token };
    return { method: "POST", headers, redirect: "manual", body: JSON.stringify({ user: this.user, cells }) };
  }

  async send() {
    if (this.sending.size || this.state === "closed") return;
    const batch = this.batch();
    if (!batch.length) return this.settle("idle");
    this.sending = new Map(batch.map(([key, item]) => [key, item.text]));
    this.settle("saving");
    let outcome = "offline", answer = null;
    try {
      const refusal = this.token ? null : await this.fetchToken();
      [outcome, answer] = refusal ? [refusal, null] : await this.post(batch);
    } catch { /* no connection, or no answer in time */ }
    const sent = this.sending;
    this.sending = new Map();
    if (outcome === "saved") {
      this.wait = 1000;
      this.received(answer.results, sent);
      this.settle("idle");
      if (this.batch().length) this.soon(100);
    } else {
      this.failed(outcome);
    }
  }

  async post(batch) {
    const response = await fetch(this.url, { ...this.request(batch), signal: AbortSignal.timeout(CellSender.SLOWEST) });
    if (response.status === 200) {
      const answer = await response.json();
      return Array.isArray(answer.results) ? ["saved", answer] : ["error", null];
    }
    return [CellSender.meaning(response), null];
  }

  // Older than the last login, a token is refused: after any failure a fresh one is fetched first. Null, or why not.
  async fetchToken() {
    const response = await fetch(this.url, { redirect: "manual", signal: AbortSignal.timeout(CellSender.SLOWEST) });
    if (response.status !== 200) return CellSender.meaning(response);
    this.token = (await response.json()).token;
    return null;
  }

  static meaning(response) {
    if (response.type === "opaqueredirect" || response.status === 401) return "signin";
    if (response.status === 403 || response.status === 404) return "forbidden";
    return response.status === 409 ? "closed" : "error";
  }

  failed(outcome) {
    const hadToken = this.token;
    this.token = null;
    // A refused token means as often a login in another window as a missing right: ask once with a fresh one.
    if (outcome === "forbidden" && hadToken && !this.askedAgain) {
      this.askedAgain = true;
      return this.soon(0, { retry: true });
    }
    this.askedAgain = false;
    this.settle(outcome);
    if (outcome === "offline" || outcome === "error") {
      this.soon(this.wait, { retry: false });
      this.wait = Math.min(this.wait * 2, 30000);
    }
  }

  settle(state) {
    if (state === "idle") this.askedAgain = false;
    this.state = state;
    this.tell(state);
  }

  parting() {
    const batch = this.batch();
    if (!batch.length || !this.token || this.state === "closed") return;
    const request = this.request(batch);
    if (request.body.length < 60000) fetch(this.url, { ...request, keepalive: true }).catch(() => {});
  }
}
