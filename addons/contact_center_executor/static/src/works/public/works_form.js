import { loadBundle } from "@web/core/assets";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";
import { AreaEditor } from "../area_editor";

/** What the form of works can do besides plain HTML: more streets, and an area drawn on a map. */
export class WorksForm extends Interaction {
    static selector = ".o_works_form";

    dynamicContent = {
        ".o_works_add_place": { "t-on-click": this.addPlace, "t-att-class": () => ({ "d-none": false }) },
        ".o_works_area_form": { "t-att-class": () => ({ "d-none": false }) },
        ".o_works_show_map": { "t-on-click": this.showMap, "t-att-class": () => ({ "d-none": this.showsMap }) },
        ".o_works_remove_last": {
            "t-on-click": () => this.editor.removeLast(),
            "t-att-class": () => ({ "d-none": !this.showsMap }),
        },
        ".o_works_clear": {
            "t-on-click": () => this.editor.clear(),
            "t-att-class": () => ({ "d-none": !this.showsMap }),
        },
        ".o_works_map": { "t-att-class": () => ({ "d-none": !this.showsMap }) },
    };

    setup() {
        this.showsMap = false;
        this.areaEl = this.el.querySelector("[name=area]");
    }

    start() {
        // What is drawn already is shown at once.
        if (this.areaEl.value) {
            this.showMap();
        }
    }

    addPlace() {
        const rows = this.el.querySelectorAll(".o_works_place");
        const row = rows[rows.length - 1].cloneNode(true);
        for (const input of row.querySelectorAll("input")) {
            input.value = "";
        }
        rows[rows.length - 1].after(row);
        row.querySelector("input").focus();
    }

    async showMap() {
        await this.waitFor(loadBundle("contact_center_executor.assets_map"));
        this.showsMap = true;
        this.updateContent();
        if (!this.editor) {
            this.createEditor();
        }
    }

    createEditor() {
        const { centre } = this.el.querySelector(".o_works_area_form").dataset;
        const readonly = this.areaEl.matches(":disabled");
        this.editor = new AreaEditor(this.el.querySelector(".o_works_map"), {
            area: JSON.parse(this.areaEl.value || "false"),
            centre: JSON.parse(centre),
            onChange: readonly ? undefined : (area) => (this.areaEl.value = area ? JSON.stringify(area) : ""),
        });
        this.registerCleanup(() => this.editor.remove());
    }
}

registry.category("public.interactions").add("contact_center_executor.works_form", WorksForm);
