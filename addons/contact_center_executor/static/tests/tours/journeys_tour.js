import { chooseTopic, confirm, goBack, press } from "@contact_center_base/../tests/tours/journey_steps";
import { registry } from "@web/core/registry";
import { choosePhoto } from "./portal_tour";

/**
 * A day of everybody who has to do with executors, on a wide screen and on a phone alike. What only one of them shows is
 * marked `isActive`.
 */

const tours = registry.category("web_tour.tours");

// In the portal

/** Leave the page by a link or a button and wait for what the next one shows. */
function leave(trigger, next) {
    return [{ trigger, run: "click", expectUnloadPage: true }, { trigger: next }];
}

/** Choose a photo in the field for files. */
function attach(field) {
    return {
        trigger: `form:has(${field})`,
        run() {
            choosePhoto(this.anchor.querySelector(field));
        },
    };
}

tours.add("contact_center_journey_executor_operator", {
    steps: () => [
        // A lamp, from the board to the proposal.
        ...leave(".o_cc_row:contains('Street lamp is off') a", ".o_cc_card [data-state=new]"),
        ...leave(".o_cc_next button:contains('Accept')", ".o_cc_card [data-state=accepted]"),
        { trigger: ".o_cc_uploads:has(#photos.visually-hidden)" },
        attach("#photos"),
        { trigger: ".o_cc_pictures img[alt*='lamp.png']" },
        { trigger: "#comment_body", run: "edit The brigade leaves at noon" },
        ...leave("button:contains('Send comment')", ".o_cc_comment:contains('The brigade leaves at noon')"),
        { trigger: "#result_text", run: "edit The bulb was replaced" },
        { trigger: "label[for=informed_phone]", run: "click" },
        ...leave(".o_cc_propose button:contains('Propose to close')", ".o_cc_card [data-state=proposed]"),
        // A pothole that can be repaired with the street only: the long-term plan is petitioned for.
        ...leave(".breadcrumb a:contains('Assignments')", ".o_cc_board"),
        ...leave(".o_cc_row:contains('Pothole') a", ".o_cc_card [data-state=new]"),
        { trigger: "summary:contains('Long-term plan')", run: "click" },
        { trigger: "#year_long_term_plan", run: `edit ${new Date().getFullYear() + 2}` },
        { trigger: "#document_long_term_plan", run: "edit Programme 17" },
        { trigger: "#reason_long_term_plan", run: "edit The whole street is to be paved" },
        attach("#files_long_term_plan"),
        ...leave(
            "form:has(#reason_long_term_plan) button:contains('File a petition')",
            "[aria-labelledby=petitions_title] .badge:contains('Submitted')"
        ),
    ],
});

tours.add("contact_center_journey_executor_head", {
    steps: () => [
        { trigger: "[aria-labelledby=figures_title] tr:contains('Received')" },
        // Who executes the lamp?
        { trigger: ".o_cc_head_page input[name=assignment_ids]", run: "check" },
        { trigger: ".o_cc_next select", run: "selectByLabel cc_light_operator" },
        ...leave(
            "button:contains('Name for the chosen')",
            "[aria-labelledby=unnamed_title]:contains('Somebody is named for everything.')"
        ),
        { trigger: "[aria-labelledby=holders_title] tr:contains('cc_light_operator')" },
        // A date that was missed is put off once more: the head says who answers for it.
        ...leave("[aria-labelledby=confirm_title] a", ".o_cc_card"),
        { trigger: "select[name=partner_id][aria-label]", run: "selectByLabel cc_light_operator" },
        ...leave(
            "[aria-labelledby=petitions_title] button:contains('Confirm')",
            "[aria-labelledby=petitions_title] .badge:contains('Submitted')"
        ),
    ],
});

// At the centre

tours.add("contact_center_journey_works_at_the_desk", {
    steps: () => [
        ...chooseTopic("street lamp", "Street lamp is off"),
        { trigger: "#desk_street", run: "edit Соборна" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Соборна')", run: "click" },
        { trigger: "#desk_house", run: "edit 12" },
        { trigger: ".o_desk_notice:contains('Cable is being replaced')" },
        { trigger: ".o_desk_answer_notice", run: "click" },
        { trigger: ".o_desk_result:contains('Consultation registered')" },
    ],
});

/** Steps of one kind of screen. */
function onlyOn(screen, steps) {
    return steps.map((step) => ({ ...step, isActive: [screen] }));
}

/** A button of the record with these words in a list, which a phone shows as cards. */
function button(name, words) {
    return [".o_data_row", ".o_kanban_record"]
        .map((record) => `${record}:contains('${words}') button[name=${name}]`)
        .join(", ");
}

/** No record of the list has these words any more. */
function isGone(words) {
    return { trigger: `.o_action_manager:not(:contains('${words}'))` };
}

tours.add("contact_center_journey_proposals", {
    steps: () => [
        { trigger: button("action_agree", "Lamp 1 works"), run: "click" },
        isGone("Lamp 1 works"),
        { trigger: button("action_return", "Lamp 2 works"), run: "click" },
        ...confirm({ trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit The photo shows another lamp" }),
        isGone("Lamp 2 works"),
        // The others at once, or on a phone, where nothing is chosen, one by one.
        ...onlyOn("mobile", [
            { trigger: button("action_agree", "Lamp 3 works"), run: "click" },
            isGone("Lamp 3 works"),
            { trigger: button("action_agree", "Lamp 4 works"), run: "click" },
        ]),
        ...onlyOn("desktop", [
            { trigger: "thead .o_list_record_selector input", run: "click" },
            { trigger: ".o_control_panel button[name=action_agree]", run: "click" },
            ...confirm({ trigger: ".modal .o_field_widget[name=decided_count]:contains('2')" }),
        ]),
        isGone("Lamp 4 works"),
    ],
});

/** Open the petition with this reason, decide on it and return to the list. */
function decide(reason, label, step) {
    return [
        { trigger: `td[name=reason]:contains('${reason}'), .o_kanban_record:contains('${reason}')`, run: "click" },
        { trigger: `.o_form_view .o_field_widget[name=reason]:contains('${reason}')` },
        ...press(label),
        ...confirm(step),
        { trigger: ".o_form_view .o_field_widget[name=decided_by_id]" },
        goBack,
        isGone(reason),
    ];
}

tours.add("contact_center_journey_petitions", {
    steps: () => [
        ...decide("The whole street is to be paved", "Grant…", {
            trigger: ".modal .o_field_widget[name=plan_document] input",
            run: "edit Programme 18",
        }),
        ...decide("It is far away", "Refuse…", {
            trigger: ".modal .o_field_widget[name=comment] textarea",
            run: "edit Far away is no reason",
        }),
        ...decide("The pole is private", "Grant…", {
            trigger: ".modal .o_field_widget[name=result] textarea",
            run: "edit The pole belongs to its owner",
        }),
    ],
});
