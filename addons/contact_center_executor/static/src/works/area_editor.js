/* global L */

import { _t } from "@web/core/l10n/translation";
import { createMap } from "@contact_center_base/map_view/leaflet";

const STREET_ZOOM = 15;
const CITY_ZOOM = 12;
const WORLD = { centre: [48, 20], zoom: 4 };
const LEAST_CORNERS = 3;
const DIGITS = 6;
const CORNER_SIZE = 18;

const round = (degrees) => Number(degrees.toFixed(DIGITS));

/**
 * A map on which the area of works is shown, or drawn: a click adds a corner, corners can be dragged. The library
 * Leaflet has to be there.
 */
export class AreaEditor {
    /**
     * @param {HTMLElement} el
     * @param {Object} options
     * @param {Object|false} options.area GeoJSON polygon
     * @param {[number, number]|false} [options.centre] where the map opens without an area
     * @param {Function} [options.onChange] gets the area, false when there is none; without it nothing can be drawn
     */
    constructor(el, { area, centre, onChange }) {
        this.onChange = onChange;
        this.map = createMap(el);
        this.layer = L.layerGroup().addTo(this.map);
        this.setCorners(area);
        this.centre(centre);
        if (onChange) {
            this.map.on("click", ({ latlng }) => this.change([...this.corners, latlng]));
        }
    }

    /** @param {Object|false} area GeoJSON polygon */
    setCorners(area) {
        const ring = area ? area.coordinates[0].slice(0, -1) : [];
        this.corners = ring.map(([longitude, latitude]) => L.latLng(latitude, longitude));
        this.draw();
    }

    centre(centre) {
        if (this.corners.length) {
            this.map.fitBounds(L.latLngBounds(this.corners), { padding: [20, 20], maxZoom: STREET_ZOOM });
        } else {
            this.map.setView(centre || WORLD.centre, centre ? CITY_ZOOM : WORLD.zoom);
        }
    }

    /** The area as GeoJSON, or false while there are too few corners. */
    get area() {
        if (this.corners.length < LEAST_CORNERS) {
            return false;
        }
        const ring = [...this.corners, this.corners[0]].map(({ lat, lng }) => [round(lng), round(lat)]);
        return { type: "Polygon", coordinates: [ring] };
    }

    change(corners) {
        this.corners = corners;
        this.draw();
        this.onChange(this.area);
    }

    removeLast() {
        this.change(this.corners.slice(0, -1));
    }

    clear() {
        this.change([]);
    }

    draw() {
        this.layer.clearLayers();
        if (this.corners.length >= LEAST_CORNERS) {
            L.polygon(this.corners, { className: "o_works_area" }).addTo(this.layer);
        } else if (this.corners.length) {
            L.polyline(this.corners).addTo(this.layer);
        }
        if (this.onChange) {
            this.corners.forEach((corner, index) => this.drawCorner(corner, index));
        }
    }

    drawCorner(corner, index) {
        const title = _t("Corner %s, drag it to move it", index + 1).toString();
        const icon = L.divIcon({ className: "o_works_corner", iconSize: [CORNER_SIZE, CORNER_SIZE] });
        L.marker(corner, { icon, title, alt: title, draggable: true })
            .on("dragend", ({ target }) => this.change(this.corners.with(index, target.getLatLng())))
            .addTo(this.layer);
    }

    remove() {
        this.map.remove();
    }
}
