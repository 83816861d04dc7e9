import { Component, markup, onMounted, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { AutoComplete } from "@web/core/autocomplete/autocomplete";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { PropertyValue } from "@web/views/fields/properties/property_value";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { DeskMap } from "./desk_map";
import { DeskModel } from "./desk_model";
import { TopicInput } from "./topic_input";

/**
 * The screen on which an operator takes a call: who calls, what and where, what is known, and the four endings.
 */
export class OperatorDesk extends Component {
    static template = "contact_center_base.OperatorDesk";
    static components = { AutoComplete, DeskMap, PropertyValue, TopicInput };
    static props = { ...standardActionServiceProps };

    setup() {
        this.desk = useState(new DeskModel(useService("orm")));
        this.state = useState({ showsMap: false, wantedFocus: null });
        this.rootRef = useRef("root");
        this.streetRef = useRef("street");
        // After the rendering that follows, because that may bring the input.
        useEffect(
            (wanted) => wanted && this.focus(wanted.selector),
            () => [this.state.wantedFocus]
        );
        const { call_id: callId, phone } = this.props.action.context || {};
        onWillStart(() => this.desk.start({ callId, phone }));
        onMounted(() => this.focus(this.desk.draft.search ? "#desk_words" : "#desk_search"));
        useHotkey("escape", () => (this.desk.refusing = false), {
            bypassEditableProtection: true,
            isAvailable: () => this.desk.refusing,
        });
    }

    focus(selector) {
        const el = this.rootRef.el.querySelector(selector);
        el?.focus();
        el?.select?.();
    }

    /** @param {string} selector of an input or button of the desk */
    focusSoon(selector) {
        this.state.wantedFocus = { selector };
    }

    // Caller

    async onSearchKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            await this.lookUpCaller();
            this.focusSoon(this.getFocusAfterLookup());
        }
    }

    /** One applicant needs no choice, several do, and nobody yet needs a name. */
    getFocusAfterLookup() {
        const count = this.desk.caller?.applicants.length || 0;
        return ["#desk_name", "#desk_words", ".o_desk_applicants input:checked"][Math.min(count, 2)];
    }

    onApplicantKeydown(ev) {
        if (ev.key === "Enter") {
            this.focusSoon(this.desk.draft.partner_id ? "#desk_words" : "#desk_name");
        }
    }

    async lookUpCaller() {
        if (!this.desk.caller) {
            await this.desk.lookupCaller();
        }
    }

    // Topic and place

    onTopicChosen() {
        this.focusSoon(".o_desk_questions input, .o_desk_questions select, #desk_street");
    }

    get streetSources() {
        return [{ options: (words) => this.getStreetOptions(words), optionSlot: "street" }];
    }

    async getStreetOptions(words) {
        const streets = (await this.desk.suggestStreets(words)) || [];
        return streets.map((street) => ({
            label: street.name,
            data: { street },
            onSelect: () => {
                this.desk.chooseStreet(street);
                this.focusSoon("#desk_house");
            },
        }));
    }

    onStreetChange({ inputValue }) {
        if (inputValue !== this.desk.draft.street?.name) {
            this.desk.chooseStreet(null);
            this.desk.setPlace({ street_text: inputValue });
        }
    }

    // Labels

    kindLabel(kind) {
        return this.desk.settings.kinds.find(({ value }) => value === kind)?.label;
    }

    joinTexts(...texts) {
        return texts.filter(Boolean).join(" · ");
    }

    metresLabel(metres) {
        return metres ? _t("%s m away", metres) : _t("the same address");
    }

    ageLabel(days) {
        return days ? _t("%s d. old", days) : _t("of today");
    }

    // Answer

    /** @param {string} html from the server, which made it safe */
    asMarkup(html) {
        return markup(html);
    }

    // Endings

    /** The ending that the topic asks for; its button stands out. */
    get mainEnding() {
        const { category, request_class: requestClass } = this.desk.draft;
        return category && requestClass === "consultation" ? "answer" : "register";
    }

    async register() {
        await this.desk.register();
        this.afterEnding();
    }

    async join(request) {
        if (request) {
            await this.desk.join(request.id);
            this.afterEnding();
        }
    }

    async answer() {
        await this.desk.answer();
        this.afterEnding();
    }

    async answerNotice(notice) {
        await this.desk.answerNotice(notice.reference);
        this.afterEnding();
    }

    async refuse() {
        await this.desk.refuse();
        this.afterEnding();
    }

    openRefusal() {
        this.desk.refusing = true;
        this.focusSoon("#desk_reason");
    }

    afterEnding() {
        this.focusSoon(this.desk.result ? ".o_desk_next" : ".o_desk_invalid");
    }

    next() {
        this.desk.goOn();
        this.focusSoon("#desk_search");
    }

    async nextOfCaller() {
        await this.desk.goOnWithCaller();
        this.focusSoon("#desk_words");
    }

    discard() {
        this.desk.discard();
        this.focusSoon("#desk_search");
    }

    async undoDiscard() {
        await this.desk.undoDiscard();
        this.focusSoon("#desk_words");
    }

    async resume(index) {
        await this.desk.resume(index);
        this.focusSoon("#desk_words");
    }
}

registry.category("actions").add("contact_center_base.operator_desk", OperatorDesk);
