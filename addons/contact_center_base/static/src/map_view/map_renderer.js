import { Component, onWillUnmount, useEffect, useRef } from "@odoo/owl";
import { renderToElement } from "@web/core/utils/render";
import { parseServerValue } from "@web/model/relational_model/utils";
import { getFormattedValue } from "@web/views/utils";
import { createClusters, createMap, createMarker } from "./leaflet";

const WORLD = { center: [30, 0], zoom: 2 };
const CLOSEST_FIT = 17;

export class MapRenderer extends Component {
    static template = "contact_center_base.MapRenderer";
    static props = {
        model: Object,
        openRecord: Function,
        position: { type: Object, optional: true },
        onMoved: Function,
    };

    setup() {
        this.mapRef = useRef("map");
        useEffect(
            (el) => {
                this.map = createMap(el);
                this.clusters = createClusters().addTo(this.map);
                if (this.props.position) {
                    this.map.setView(this.props.position.center, this.props.position.zoom);
                }
                this.map.on("moveend", () =>
                    this.props.onMoved({ center: this.map.getCenter(), zoom: this.map.getZoom() })
                );
                const observer = new ResizeObserver(() => this.map.invalidateSize());
                observer.observe(el);
                return () => observer.disconnect();
            },
            () => [this.mapRef.el]
        );
        useEffect(
            (records) => this.showRecords(records),
            () => [this.props.model.records]
        );
        onWillUnmount(() => this.map.remove());
    }

    showRecords(records) {
        this.clusters.clearLayers();
        this.clusters.addLayers(records.map((record) => this.createRecordMarker(record)));
        if (this.shown || !this.props.position) {
            this.fit();
        }
        this.shown = true;
    }

    /** Show all markers; a map without any shows the world. */
    fit() {
        const bounds = this.clusters.getBounds();
        if (bounds.isValid()) {
            this.map.fitBounds(bounds, { padding: [30, 30], maxZoom: CLOSEST_FIT });
        } else if (!this.shown) {
            this.map.setView(WORLD.center, WORLD.zoom);
        }
    }

    createRecordMarker(record) {
        const { latitudeField, longitudeField, titleField, colourField, markers } = this.props.model.archInfo;
        const kind = markers.find(({ value }) => value === record[colourField]);
        const title = [record[titleField], kind?.label].filter(Boolean).join(" – ");
        const point = [record[latitudeField], record[longitudeField]];
        return createMarker(point, { title, style: kind?.style }).bindPopup(() => this.renderPopup(record));
    }

    renderPopup(record) {
        const { titleField, popupFields } = this.props.model.archInfo;
        const popup = renderToElement("contact_center_base.MapPopup", {
            title: record[titleField],
            rows: popupFields.map(({ name, label }) => ({ name, label, value: this.formatField(record, name) })),
        });
        popup.querySelector("button").addEventListener("click", () => this.props.openRecord(record.id));
        return popup;
    }

    formatField(record, name) {
        const { fields } = this.props.model;
        return getFormattedValue({ fields, data: { [name]: parseServerValue(fields[name], record[name]) } }, name);
    }
}
