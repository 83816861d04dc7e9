/* global L */

import { _t } from "@web/core/l10n/translation";
import { loadBundle } from "@web/core/assets";
import { session } from "@web/session";
import { escape } from "@web/core/utils/strings";

const PLAIN_STYLE = { className: "text-bg-secondary fa fa-circle" };
const ICON_SIZE = 26;

/** Public pages load the library when they need it; in the backend it is there. */
export async function loadLeaflet() {
    if (!window.L) {
        await loadBundle("contact_center_base.assets_leaflet");
    }
}

/**
 * Makes a map in an element. Without an address of tiles, or when they can't be reached, its background stays plain.
 *
 * @param {HTMLElement} el
 * @returns {L.Map}
 */
export function createMap(el) {
    const map = L.map(el, {
        maxZoom: 19,
        zoomControl: false,
        zoomAnimation: false,
        fadeAnimation: false,
        markerZoomAnimation: false,
    });
    map.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: _t("Zoom in").toString(), zoomOutTitle: _t("Zoom out").toString() }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const { url, attribution } = session.contact_center_tiles || {};
    if (url) {
        L.tileLayer(url, { maxZoom: 19, attribution: escape(attribution || "") }).addTo(map);
    }
    return map;
}

/**
 * @param {{ className: string }} [style] classes that give the round mark its colour and, by `::before`, its sign
 * @returns {L.DivIcon}
 */
function createIcon({ className } = PLAIN_STYLE) {
    return L.divIcon({
        className: "",
        html: `<span class="o_cc_marker ${escape(className)}"></span>`,
        iconSize: [ICON_SIZE, ICON_SIZE],
    });
}

/**
 * @param {[number, number]} point latitude and longitude
 * @param {{ title?: string, style?: Object, draggable?: boolean }} [options]
 * @returns {L.Marker}
 */
export function createMarker(point, { title = "", style, draggable = false } = {}) {
    return L.marker(point, { title, alt: title, icon: createIcon(style), draggable });
}

/**
 * @returns {L.MarkerClusterGroup}
 */
export function createClusters() {
    return L.markerClusterGroup({ animate: false, chunkedLoading: true, showCoverageOnHover: false, maxClusterRadius: 50 });
}
