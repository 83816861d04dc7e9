import { exprToBoolean } from "@web/core/utils/strings";

const DEFAULT_LIMIT = 5000;

export class MapArchParser {
    /**
     * @param {Element} arch
     * @param {Object} fields of the model
     */
    parse(arch, fields) {
        const colourField = arch.getAttribute("colour");
        const labels = Object.fromEntries(fields[colourField]?.selection || []);
        return {
            latitudeField: arch.getAttribute("latitude"),
            longitudeField: arch.getAttribute("longitude"),
            titleField: arch.getAttribute("title") || "display_name",
            colourField,
            limit: parseInt(arch.getAttribute("limit")) || DEFAULT_LIMIT,
            markers: [...arch.querySelectorAll("marker")].map((node) => ({
                value: node.getAttribute("value"),
                label: labels[node.getAttribute("value")] || node.getAttribute("value"),
                style: { className: node.getAttribute("class") },
            })),
            popupFields: [...arch.querySelectorAll("field")]
                .filter((node) => !exprToBoolean(node.getAttribute("invisible") || ""))
                .map((node) => ({
                    name: node.getAttribute("name"),
                    label: node.getAttribute("string") || fields[node.getAttribute("name")].string,
                })),
        };
    }
}
