import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useService } from "@web/core/utils/hooks";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";
import { _t } from "@web/core/l10n/translation";

/**
 * The caller's words and the five topics that fit them: arrows and Enter choose, or Alt with the number.
 */
export class TopicInput extends Component {
    static template = "contact_center_base.TopicInput";
    static props = { desk: Object, onChosen: Function };

    setup() {
        this.desk = useState(this.props.desk);
        this.state = useState({ active: 0 });
        this.inputRef = useRef("input");
        this.dialog = useService("dialog");
        useEffect(
            () => {
                this.state.active = 0;
            },
            () => [this.desk.categories]
        );
        for (const number of [1, 2, 3, 4, 5]) {
            useHotkey(`alt+${number}`, () => this.choose(this.desk.categories[number - 1]), {
                bypassEditableProtection: true,
                isAvailable: (target) => target === this.inputRef.el && Boolean(this.desk.categories[number - 1]),
            });
        }
    }

    get isListed() {
        return !this.desk.draft.category && this.desk.categories.length > 0;
    }

    get isNothingFound() {
        return !this.desk.draft.category && this.desk.searched && !this.desk.categories.length;
    }

    onKeydown(ev) {
        if (!this.isListed) {
            return;
        }
        const count = this.desk.categories.length;
        if (ev.key === "ArrowDown") {
            this.state.active = (this.state.active + 1) % count;
        } else if (ev.key === "ArrowUp") {
            this.state.active = (this.state.active + count - 1) % count;
        } else if (ev.key === "Enter") {
            this.choose(this.desk.categories[this.state.active]);
        } else {
            return;
        }
        ev.preventDefault();
    }

    choose(category) {
        this.desk.chooseCategory(category);
        this.props.onChosen();
    }

    drop() {
        this.desk.dropCategory();
        this.inputRef.el.focus();
    }

    browse() {
        this.dialog.add(SelectCreateDialog, {
            resModel: "contact.center.category",
            title: _t("All topics"),
            multiSelect: false,
            noCreate: true,
            onSelected: async ([categoryId]) => {
                await this.desk.chooseCategoryById(categoryId);
                this.props.onChosen();
            },
        });
    }
}
