import { createMap, createMarker, loadLeaflet } from "@contact_center_base/map_view/leaflet";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { LivePage } from "./live";

const STREET_ZOOM = 16;

/** The card of an assignment: what others do with it appears at once, what is being entered stays. */
export class AssignmentCard extends LivePage {
    static selector = ".o_cc_card";
    dynamicContent = {
        ".o_cc_print": { "t-on-click": () => window.print() },
        ".o_cc_news": { "t-att-class": () => ({ "d-none": this.state === this.shownState }) },
        _root: { "t-on-assignment-changed": () => this.refresh() },
    };

    setup() {
        super.setup();
        // What the forms of the page were made for.
        this.shownState = this.state;
    }

    get state() {
        return this.el.querySelector("[data-state]").dataset.state;
    }

    onChange(ids) {
        if (ids.includes(Number(this.el.dataset.assignment))) {
            return this.refresh();
        }
    }

    async refresh() {
        const page = await this.fetchPage(`${this.el.dataset.url}/live`);
        for (const part of page?.querySelectorAll("[data-live]") || []) {
            this.el.querySelector(`[data-live=${part.dataset.live}]`)?.replaceChildren(...part.childNodes);
        }
        this.updateContent();
    }
}

/** The place of an assignment on a map. */
export class AssignmentMap extends Interaction {
    static selector = ".o_cc_card_map";

    async willStart() {
        await loadLeaflet();
    }

    start() {
        const { latitude, longitude, title } = this.el.dataset;
        const point = [Number(latitude), Number(longitude)];
        const map = createMap(this.el).setView(point, STREET_ZOOM);
        createMarker(point, { title, style: { className: "text-bg-danger fa fa-map-marker" } }).addTo(map);
        this.registerCleanup(() => map.remove());
    }
}

registry.category("public.interactions").add("contact_center_executor.card", AssignmentCard);
registry.category("public.interactions").add("contact_center_executor.card_map", AssignmentMap);
