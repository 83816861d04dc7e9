import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A number of indicators that opens the list behind it, for whoever may see that list (the field `opens`). */
export class FigureField extends Component {
    static template = "contact_center_executor.FigureField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
    }

    get label() {
        return formatInteger(this.props.record.data[this.props.name]);
    }

    get title() {
        return _t("Open the list behind “%s”", this.props.record.fields[this.props.name].string);
    }

    get opens() {
        const { record, name } = this.props;
        return Boolean(record.resId && record.data.opens && record.data[name]);
    }

    open() {
        const { record, name } = this.props;
        return this.action.doActionButton({
            type: "object",
            name: "action_open_figure",
            resModel: record.resModel,
            resId: record.resId,
            buttonContext: { figure: name },
        });
    }
}

export const figureField = {
    component: FigureField,
    displayName: _t("Figure with its list"),
    supportedTypes: ["integer"],
};

registry.category("fields").add("contact_center_figure", figureField);
