const NAME = "contact_center_uploads";
const STORE = "files";

/** @param {IDBRequest} request */
function finished(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/**
 * Keeps files that are still to be sent in the browser, so that neither a reload nor a dead spot loses them.
 *
 * Where the browser keeps nothing (a private window, no room), files stay in the memory of the page.
 */
export class UploadStore {
    /** @param {string} place what the files belong to; the files of other places aren't touched */
    constructor(place) {
        this.place = place;
        this.opened = this.open().catch(() => null);
    }

    async open() {
        const request = indexedDB.open(NAME, 1);
        request.onupgradeneeded = () => {
            request.result.createObjectStore(STORE, { keyPath: "id" }).createIndex("place", "place");
        };
        return finished(request);
    }

    /** Does something with the store of files; nothing happens where there is none. */
    async use(mode, act) {
        const database = await this.opened;
        return database && finished(act(database.transaction(STORE, mode).objectStore(STORE))).catch(() => null);
    }

    /** @returns {Promise<{id: string, file: File}[]>} */
    async read() {
        return (await this.use("readonly", (store) => store.index("place").getAll(this.place))) || [];
    }

    /** @param {{id: string, file: File}} item */
    async add({ id, file }) {
        await this.use("readwrite", (store) => store.put({ id, file, place: this.place }));
    }

    /** @param {string} id */
    async remove(id) {
        await this.use("readwrite", (store) => store.delete(id));
    }
}
