// Photos as they are sent: at most 1,280 pixels long, and without what the camera wrote into them – where they were
// taken above all – unless the host wants that kept.
"use strict";

const PhonePhotos = (() => {
  const LONGEST = 1280, QUALITY = 0.85, START = [0xff, 0xd8], EXIF = 0xe1, SCAN = 0xda, TURNED = 0x0112;

  // The bytes of a JPEG. Rejects where the file is no picture that this browser opens.
  async function scaled(file, keepsPlace) {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.width * scale));
    canvas.height = Math.max(1, Math.round(picture.height * scale));
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    const small = new Uint8Array(await blob.arrayBuffer());
    const written = keepsPlace ? exifOf(new Uint8Array(await file.arrayBuffer())) : null;
    return written ? joined(Uint8Array.from(START), written, small.subarray(2)) : small;
  }

  // What the camera wrote: the segment of a JPEG that begins with "Exif", or null.
  function exifOf(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return null;
    for (let at = 2; at + 10 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== SCAN;) {
      const length = view.getUint16(at + 2);
      const isExif = bytes[at + 1] === EXIF && String.fromCharCode(...bytes.subarray(at + 4, at + 8)) === "Exif";
      if (isExif) return upright(bytes.slice(at, at + 2 + length));
      at += 2 + length;
    }
    return null;
  }

  // The scaled picture stands upright already; a viewer must not turn it again.
  function upright(segment) {
    const view = new DataView(segment.buffer), header = 10;
    if (segment.length < header + 8) return null;
    const isLittle = view.getUint16(header) === 0x4949;
    const directory = header + view.getUint32(header + 4, isLittle);
    if (directory + 2 > segment.length) return null;
    for (let entry = 0; entry < view.getUint16(directory, isLittle); entry += 1) {
      const at = directory + 2 + entry * 12;
      if (at + 12 > segment.length) break;
      if (view.getUint16(at, isLittle) === TURNED) view.setUint16(at + 8, 1, isLittle);
    }
    return segment;
  }

  function joined(...parts) {
    const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
    let at = 0;
    for (const part of parts) { whole.set(part, at); at += part.length; }
    return whole;
  }

  return { scaled };
})();
