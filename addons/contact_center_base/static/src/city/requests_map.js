/* global L */

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { createClusters, createMap, createMarker, loadLeaflet } from "@contact_center_base/map_view/leaflet";

const CLOSEST_FIT = 16;

/** The public requests of a city, each as a mark that leads to its page; the list below says the same. */
export class RequestsMap extends Interaction {
    static selector = ".o_cc_requests_map";

    async willStart() {
        const [found] = await Promise.all([this.load(), loadLeaflet()]);
        this.found = found;
    }

    start() {
        this.el.classList.toggle("d-none", !this.found.features.length);
        if (!this.found.features.length) {
            return;
        }
        this.map = createMap(this.el);
        this.registerCleanup(() => this.map.remove());
        this.clusters = createClusters().addTo(this.map);
        this.show(this.found);
        this.map.fitBounds(this.clusters.getBounds(), { padding: [20, 20], maxZoom: CLOSEST_FIT });
        if (this.found.truncated) {
            // There are more than one answer holds: ask again for the part that is looked at.
            this.map.on("moveend", this.debounced(this.reload, 400));
        }
    }

    async load(bounds) {
        const url = new URL(this.el.dataset.url, document.location);
        if (bounds) {
            url.searchParams.set("bbox", bounds.toBBoxString());
        }
        const response = await fetch(url);
        return response.ok ? response.json() : { features: [] };
    }

    async reload() {
        this.show(await this.waitFor(this.load(this.map.getBounds())));
    }

    show({ features }) {
        this.clusters.clearLayers();
        this.clusters.addLayers(features.map((feature) => this.createFeatureMarker(feature)));
    }

    createFeatureMarker({ geometry, properties }) {
        const [longitude, latitude] = geometry.coordinates;
        const { topic, state, state_label: label, open } = properties;
        // What is settled looks settled: smaller, with its own colour and sign.
        const style = { className: `o_cc_state_${state} ${open ? "" : "o_cc_marker_small"}` };
        const marker = createMarker([latitude, longitude], { title: `${topic} – ${label}`, style });
        return marker.bindPopup(() => this.createPopup(properties));
    }

    createPopup({ topic, address, state, state_label: label, url }) {
        const link = document.createElement("a");
        link.href = url;
        link.textContent = topic;
        const badge = document.createElement("span");
        badge.className = `o_cc_state o_cc_state_${state}`;
        badge.textContent = label;
        const popup = document.createElement("div");
        popup.append(link, document.createElement("br"), badge, document.createElement("br"), address);
        return popup;
    }
}

/** Where one request is. */
export class RequestPoint extends Interaction {
    static selector = ".o_cc_request_point";

    async willStart() {
        await loadLeaflet();
    }

    start() {
        const { latitude, longitude, state } = this.el.dataset;
        const point = L.latLng(latitude, longitude);
        const map = createMap(this.el);
        this.registerCleanup(() => map.remove());
        const title = _t("Place of the request").toString();
        createMarker(point, { title, style: { className: `o_cc_state_${state}` } }).addTo(map);
        map.setView(point, CLOSEST_FIT);
    }
}

registry.category("public.interactions").add("contact_center_base.requests_map", RequestsMap);
registry.category("public.interactions").add("contact_center_base.request_point", RequestPoint);
