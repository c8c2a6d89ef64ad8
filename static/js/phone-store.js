// What the phone keeps until the server has it: records, their photos, what was sent, and what is needed to record.
// Written through to the disk: a flat battery must lose nothing that the page said was kept.
"use strict";

class PhoneStore {
  static SENT = 30; // receipts that are kept

  static async open() {
    const asked = indexedDB.open("visits", 1);
    asked.onupgradeneeded = () => {
      const made = asked.result;
      made.createObjectStore("known", { keyPath: "name" });
      made.createObjectStore("records", { keyPath: "uuid" });
      made.createObjectStore("photos", { keyPath: "uuid" }).createIndex("record", "record");
      made.createObjectStore("sent", { keyPath: "uuid" });
    };
    return new PhoneStore(await PhoneStore.result(asked));
  }

  static result(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  constructor(database) { this.database = database; }

  read(store, key) { return PhoneStore.result(this.database.transaction(store).objectStore(store).get(key)); }
  all(store) { return PhoneStore.result(this.database.transaction(store).objectStore(store).getAll()); }

  // deed(stores by name) queues requests; all of them are on the disk when this resolves, or none is.
  write(names, deed) {
    return new Promise((resolve, reject) => {
      const change = this.database.transaction(names, "readwrite", { durability: "strict" });
      change.oncomplete = () => resolve();
      change.onabort = () => reject(change.error); // every error that is not handled ends in it
      deed(Object.fromEntries(names.map((name) => [name, change.objectStore(name)])));
    });
  }

  // --- What is needed to record: one user's at a time, the one signed in last.

  known() { return this.read("known", "data"); }
  learn(data) {
    return this.write(["known"], ({ known }) => known.put({ ...data, name: "data", learned_at: new Date().toISOString() }));
  }
  // All but whose phone it is: what waits must still find its way.
  async forget() {
    const { user } = await this.known(), blank = { cycles: [], units: [], visits: [], inspectors: [], categories: [], rubrics: {} };
    await this.write(["known", "sent"], ({ known, sent }) => { known.put({ ...blank, name: "data", user, isForgotten: true }); sent.clear(); });
  }
  // Somebody is signed in who makes no visits: nothing of what is kept is theirs to see.
  async lock() {
    const data = await this.known();
    if (data && !data.isLocked) await this.write(["known"], ({ known }) => known.put({ ...data, isLocked: true }));
  }

  // --- Records. state: draft, waiting, photos (taken, some photos are not) or refused.

  async records() { return (await this.all("records")).sort((one, other) => one.begun_at.localeCompare(other.begun_at)); }
  record(uuid) { return this.read("records", uuid); }
  put(record) { return this.write(["records"], ({ records }) => records.put(record)); }

  // A draft as it is being written, unless another window changed, sent or deleted it meanwhile: then false.
  // withPhotos(photos): what becomes of its photos in the same step.
  async keepDraft(record, withPhotos = () => {}) {
    let isKept = false;
    await this.write(["records", "photos"], ({ records, photos }) => {
      records.get(record.uuid).onsuccess = ({ target: { result } }) => {
        if ((result?.state ?? "draft") !== "draft" || (result?.revision ?? 0) !== record.revision) return;
        records.put({ ...record, revision: record.revision + 1 });
        withPhotos(photos);
        isKept = true;
      };
    });
    if (isKept) record.revision += 1;
    return isKept;
  }

  // Let a record be in another state, with these changes, where it still is in the first.
  move(uuid, from, changes) {
    return this.write(["records"], ({ records }) => {
      records.get(uuid).onsuccess = ({ target: { result } }) => { if (result?.state === from) records.put({ ...result, ...changes }); };
    });
  }
  remove(uuid) {
    return this.write(["records", "photos"], ({ records, photos }) => {
      records.delete(uuid);
      PhoneStore.removeOf(photos, uuid);
    });
  }

  static removeOf(photos, record) {
    photos.index("record").openKeyCursor(IDBKeyRange.only(record)).onsuccess = ({ target: { result } }) => {
      if (!result) return;
      photos.delete(result.primaryKey);
      result.continue();
    };
  }

  // --- Photos: their bytes, since not every browser keeps files.

  photo(uuid) { return this.read("photos", uuid); }

  // --- The server has it all: only now is anything cleared.

  delivered(record, receipt) {
    return this.write(["records", "photos", "sent"], ({ records, photos, sent }) => {
      records.delete(record.uuid);
      PhoneStore.removeOf(photos, record.uuid);
      sent.put(receipt);
    });
  }
  async sent() {
    const receipts = (await this.all("sent")).sort((one, other) => other.at.localeCompare(one.at));
    const old = receipts.slice(PhoneStore.SENT);
    if (old.length) await this.write(["sent"], ({ sent }) => old.forEach(({ uuid }) => sent.delete(uuid)));
    return receipts.slice(0, PhoneStore.SENT);
  }

  // randomUUID is not offered over plain HTTP.
  static uuid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }
}
