import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The state of a request with its colour and icon, which stand in state.scss. */
export class StateBadge extends Component {
    static template = "contact_center_base.StateBadge";
    static props = { ...standardFieldProps };

    get value() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        const { selection } = this.props.record.fields[this.props.name];
        return selection.find(([value]) => value === this.value)?.[1];
    }
}

export const stateBadge = {
    component: StateBadge,
    displayName: _t("State of a request"),
    supportedTypes: ["selection"],
};

registry.category("fields").add("contact_center_state", stateBadge);
