// A photo made small before it is sent. Drawn anew, it keeps nothing of what the camera wrote beside
// it: no place, no time, no device.

const QUALITY = 0.82;

/** A JPEG whose longer side has at most `longest` px; throws where the file is no picture. */
export async function small(file: Blob, longest: number): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  return await new Promise<Blob>((done, fail) => {
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/jpeg", QUALITY);
  });
}
