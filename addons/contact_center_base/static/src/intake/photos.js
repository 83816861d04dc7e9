const LONGEST_SIDE = 2048;
const QUALITY = 0.85;
/** Files below so many bytes are sent as they are. */
const SMALL = 500_000;

/**
 * Makes a photo smaller before it is sent: the phone's network is slow, and signs stay readable.
 *
 * @param {File} file
 * @returns {Promise<File>} as it was where the browser can't read it
 */
export async function shrink(file) {
    if (!file.type.startsWith("image/") || file.type === "image/gif" || file.size < SMALL) {
        return file;
    }
    try {
        const picture = await createImageBitmap(file);
        const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(picture.width * scale);
        canvas.height = Math.round(picture.height * scale);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
        return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
        return file;
    }
}
