{% autoescape off %}// Keeps the phone's page and its files, so that it opens without signal. What is recorded lies elsewhere: in the
// browser's database, which no new version of this touches.
"use strict";

importScripts("{{ store }}", "{{ sender }}");

const CACHE = "phone-{{ version }}";
const PAGE = "{{ page }}";
const ADDRESSES = { data: "{{ data }}", visit: "{{ visit }}", photo: "{{ photo }}" };
const FILES = [PAGE{% for file in files %}, "{{ file }}"{% endfor %}];

self.addEventListener("install", (event) => {
  const fresh = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("phone-") && name !== CACHE;
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});

// There is signal again, and perhaps no page open any more. A failure lets the browser try once more later.
self.addEventListener("sync", (event) => {
  if (event.tag !== "send") return;
  event.waitUntil(PhoneStore.open()
    .then((store) => new PhoneSender(store, ADDRESSES).sendAll())
    .then((isDone) => { if (!isDone) throw new Error("still waiting"); }));
});

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request, address = new URL(url);
  if (method !== "GET" || address.origin !== self.location.origin || !FILES.includes(address.pathname)) return;
  event.respondWith(caches.open(CACHE)
    .then((cache) => cache.match(address.pathname, { ignoreVary: true }))
    .then((kept) => kept ?? fetch(event.request)));
});
{% endautoescape %}
