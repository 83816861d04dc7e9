/**
 * What users of every role do, on a wide screen and on a phone; the journeys of every addon are made of it.
 */

/** Find requests by the words of one field, as a user types them into the search bar. */
export function search(words, field) {
    return [
        { isActive: ["mobile"], trigger: ".o_control_panel_navigation .fa-search", run: "click" },
        { trigger: ".o_searchview_input", run: `edit ${words}` },
        { trigger: `.o_searchview_autocomplete .o-dropdown-item:contains('${field}')`, run: "click" },
        { trigger: `.o_searchview_facet:contains('${words}')` },
    ];
}

/** Press a button of a form's header; on a phone all but the first stand in a menu. */
export function press(label) {
    return [
        { trigger: ".o_statusbar_buttons" },
        {
            isActive: ["mobile"],
            trigger: ".o_statusbar_buttons",
            run() {
                const [first] = this.anchor.querySelectorAll("button");
                if (!first.textContent.includes(label)) {
                    this.anchor.querySelector("button[title=More]").click();
                }
            },
        },
        {
            trigger: `.o_statusbar_buttons button:contains('${label}'), .o-dropdown--menu button:contains('${label}')`,
            run: "click",
        },
    ];
}

/** Fill in and confirm the dialog that a move opens. */
export function confirm(...steps) {
    return [
        ...steps,
        { trigger: ".modal footer .btn-primary", run: "click" },
        { trigger: "body:not(:has(.modal))" },
    ];
}

/** Choose the topic that is found first for these words at the desk. */
export function chooseTopic(words, name) {
    return [
        { trigger: "#desk_words", run: `edit ${words}` },
        { trigger: `[role=option]:contains('${name}')` },
        { trigger: "#desk_words", run: "press Enter" },
        { trigger: `.o_desk_category:contains('${name}')` },
    ];
}

export const goBack = { trigger: ".o_back_button:last", run: "click" };
