import { Component, useState } from "@odoo/owl";

/** Those who call this operator just now, in a corner of the screen: what is being typed goes on. */
export class CallerCards extends Component {
    static template = "contact_center_base.CallerCards";
    static props = {
        cards: Object,
        close: Function,
        openDesk: Function,
        openRequest: Function,
    };

    setup() {
        this.cards = useState(this.props.cards);
    }

    get list() {
        return Object.values(this.cards);
    }
}
