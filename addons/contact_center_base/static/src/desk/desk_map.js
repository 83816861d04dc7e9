/* global L */

import { Component, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { createMap, createMarker } from "../map_view/leaflet";

const STREET_ZOOM = 16;
const CITY_ZOOM = 12;
const WORLD = { centre: [48, 20], zoom: 4 };
const PLACE_STYLE = { className: "text-bg-dark fa fa-crosshairs" };

/**
 * A small map to mark the place on, with the open requests around it.
 */
export class DeskMap extends Component {
    static template = "contact_center_base.DeskMap";
    static props = { desk: Object };

    setup() {
        this.desk = useState(this.props.desk);
        this.mapRef = useRef("map");
        useEffect(
            (el) => {
                this.map = createMap(el);
                this.markers = L.layerGroup().addTo(this.map);
                this.map.on("click", ({ latlng }) => this.setPoint(latlng));
            },
            () => [this.mapRef.el]
        );
        useEffect(
            () => this.centre(),
            () => [this.desk.draft.street?.id]
        );
        useEffect(
            () => this.showMarkers(),
            () => [this.desk.draft.latitude, this.desk.draft.longitude, this.desk.nearby]
        );
        onWillUnmount(() => this.map.remove());
    }

    get hasPoint() {
        return Boolean(this.desk.draft.latitude || this.desk.draft.longitude);
    }

    centre() {
        const { street, latitude, longitude } = this.desk.draft;
        if (this.hasPoint) {
            this.map.setView([latitude, longitude], STREET_ZOOM);
        } else if (street?.latitude || street?.longitude) {
            this.map.setView([street.latitude, street.longitude], STREET_ZOOM);
        } else if (this.desk.settings.map_centre) {
            this.map.setView(this.desk.settings.map_centre, CITY_ZOOM);
        } else {
            this.map.setView(WORLD.centre, WORLD.zoom);
        }
    }

    showMarkers() {
        this.markers.clearLayers();
        for (const request of this.desk.nearby.filter(({ latitude, longitude }) => latitude || longitude)) {
            createMarker([request.latitude, request.longitude], {
                title: `${request.number} – ${request.state_label}`,
                style: { className: `o_cc_state_${request.state}` },
            }).addTo(this.markers);
        }
        if (this.hasPoint) {
            const { latitude, longitude } = this.desk.draft;
            createMarker([latitude, longitude], { title: _t("The place"), style: PLACE_STYLE, draggable: true })
                .on("dragend", ({ target }) => this.setPoint(target.getLatLng()))
                .addTo(this.markers);
        }
    }

    setPoint({ lat, lng }) {
        this.desk.setPlace({ latitude: Number(lat.toFixed(7)), longitude: Number(lng.toFixed(7)) });
    }

    removePoint() {
        this.desk.setPlace({ latitude: 0, longitude: 0 });
    }
}
