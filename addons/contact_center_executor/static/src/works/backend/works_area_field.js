import { Component, useEffect, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { AreaEditor } from "../area_editor";

/** The area of works, drawn on a map by clicks. */
export class WorksAreaField extends Component {
    static template = "contact_center_executor.WorksAreaField";
    static props = { ...standardFieldProps };

    setup() {
        this.mapRef = useRef("map");
        useEffect(
            (el, resId, readonly) => {
                this.editor = new AreaEditor(el, {
                    area: this.area,
                    centre: this.props.record.data.map_centre,
                    onChange: readonly ? undefined : (area) => this.save(area),
                });
                return () => this.editor.remove();
            },
            () => [this.mapRef.el, this.props.record.resId, this.props.readonly]
        );
        useEffect(
            (area) => {
                if (area !== this.drawn) {
                    this.editor.setCorners(this.area);
                }
            },
            () => [JSON.stringify(this.area)]
        );
        useEffect(
            (centre) => {
                if (centre && !this.area && !this.editor.corners.length) {
                    this.editor.centre(this.props.record.data.map_centre);
                }
            },
            () => [JSON.stringify(this.props.record.data.map_centre)]
        );
    }

    get area() {
        return this.props.record.data[this.props.name] || false;
    }

    save(area) {
        // What comes back from the record then is what is drawn: drawing it anew would lose corners not yet enough.
        this.drawn = JSON.stringify(area);
        return this.props.record.update({ [this.props.name]: area });
    }
}

registry.category("fields").add("contact_center_works_area", {
    component: WorksAreaField,
    displayName: _t("Area on a map"),
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "map_centre", type: "json", readonly: true }],
});
