/* global L */

import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { createMap, createMarker } from "@contact_center_base/map_view/leaflet";
import { AreaEditor } from "../area_editor";

const BUNDLE = "contact_center_executor.assets_map";
const CLOSEST_FIT = 16;

/** The works of a list, each as a mark or its area that leads to its card. */
export class WorksMap extends Interaction {
    static selector = ".o_works_public_map";

    async willStart() {
        const load = async () => (await fetch(this.el.dataset.url)).json();
        const [{ works }] = await Promise.all([load(), loadBundle(BUNDLE)]);
        this.works = works.filter(({ area, latitude, longitude }) => area || latitude || longitude);
    }

    start() {
        // Without a place there is nothing to show.
        this.el.classList.toggle("d-none", !this.works.length);
        if (!this.works.length) {
            return;
        }
        this.map = createMap(this.el);
        this.registerCleanup(() => this.map.remove());
        const layer = L.featureGroup(this.works.flatMap((works) => this.createLayers(works))).addTo(this.map);
        this.map.fitBounds(layer.getBounds(), { padding: [20, 20], maxZoom: CLOSEST_FIT });
    }

    createLayers(works) {
        const style = { className: `o_cc_state_${works.state}` };
        const title = `${works.name} – ${works.state_label}`;
        const layers = [createMarker([works.latitude, works.longitude], { title, style })];
        if (works.area) {
            layers.push(L.geoJSON(works.area));
        }
        return layers.map((layer) => layer.bindPopup(() => this.createPopup(works)));
    }

    createPopup(works) {
        const link = document.createElement("a");
        link.href = works.url;
        link.textContent = works.name;
        const popup = document.createElement("div");
        popup.append(link, document.createElement("br"), works.address);
        return popup;
    }
}

/** Where one card of works is. */
export class WorksAreaView extends Interaction {
    static selector = ".o_works_area_view";

    async willStart() {
        await loadBundle(BUNDLE);
    }

    start() {
        const { area, centre } = this.el.dataset;
        const point = JSON.parse(centre);
        const editor = new AreaEditor(this.el, { area: JSON.parse(area), centre: point });
        this.registerCleanup(() => editor.remove());
        if (!editor.area && point) {
            createMarker(point).addTo(editor.map);
            editor.map.setView(point, CLOSEST_FIT);
        }
    }
}

registry.category("public.interactions").add("contact_center_executor.works_map", WorksMap);
registry.category("public.interactions").add("contact_center_executor.works_area_view", WorksAreaView);
