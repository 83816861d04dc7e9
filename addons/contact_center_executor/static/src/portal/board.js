import { registry } from "@web/core/registry";
import { LivePage } from "./live";

/** The board and the list: they say that something is new and leave it to the reader when to look. */
export class AssignmentBoard extends LivePage {
    static selector = ".o_cc_board_page";
    dynamicContent = {
        ".o_cc_news": { "t-att-class": () => ({ "d-none": !this.hasNews }) },
    };

    setup() {
        super.setup();
        this.hasNews = false;
    }

    onChange() {
        this.hasNews = true;
        this.updateContent();
    }
}

registry.category("public.interactions").add("contact_center_executor.board", AssignmentBoard);
