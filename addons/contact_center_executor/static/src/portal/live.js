import { browser } from "@web/core/browser/browser";
import { Interaction } from "@web/public/interaction";

/** What the server calls a change of assignments; the message holds their ids. */
const LIVE = "contact_center_executor/assignment";
/** Several changes that come one after the other are looked at once. */
const PAUSE = 300;

/**
 * A page that shows assignments and learns at once when one of them changes.
 */
export class LivePage extends Interaction {
    setup() {
        this.changed = new Set();
        const look = this.debounced(() => this.look(), PAUSE);
        const onMessage = ({ ids }) => {
            ids.forEach((id) => this.changed.add(id));
            look();
        };
        this.services.bus_service.subscribe(LIVE, onMessage);
        this.services.bus_service.start();
        this.registerCleanup(() => this.services.bus_service.unsubscribe(LIVE, onMessage));
    }

    look() {
        const ids = [...this.changed];
        this.changed.clear();
        return this.onChange(ids);
    }

    /** @param {number[]} ids */
    onChange(ids) {}

    /**
     * @param {string} url
     * @returns {Promise<Document|null>} the page, or nothing while it can't be reached
     */
    async fetchPage(url) {
        try {
            const response = await this.waitFor(browser.fetch(url, { credentials: "same-origin" }));
            return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
        } catch {
            // Without a network the page stays as it is; the next change brings it up to date.
            return null;
        }
    }
}
