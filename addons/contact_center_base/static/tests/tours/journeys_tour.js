import { queryFirst } from "@odoo/hoot-dom";
import { registry } from "@web/core/registry";
import { chooseTopic, confirm, goBack, press, search } from "./journey_steps";

/**
 * A day of each role, on a wide screen and on a phone alike. What only one of them shows is marked `isActive`.
 */

const tours = registry.category("web_tour.tours");

/** Open the request of this topic on the board. */
function openCard(topic) {
    return [
        { trigger: `.o_kanban_record:contains('${topic}')`, run: "click" },
        { trigger: ".o_form_view .oe_title:contains('CC-')" },
    ];
}

const showBoard = { isActive: ["desktop"], trigger: ".o_switch_view.o_kanban", run: "click" };

tours.add("contact_center_journey_operator", {
    steps: () => [
        // A lamp in this street is known already.
        ...search("Соборна", "Street"),
        { isActive: ["desktop"], trigger: ".o_data_row:contains('Street lamp is off')" },
        { isActive: ["mobile"], trigger: ".o_kanban_record:contains('Street lamp is off')" },
        { isActive: ["desktop"], trigger: ".o_menu_sections [data-menu-xmlid='contact_center_base.menu_desk']", run: "click" },
        { isActive: ["mobile"], trigger: ".o_menu_toggle", run: "click" },
        { isActive: ["mobile"], trigger: ".o_app_menu_sidebar [data-menu-xmlid='contact_center_base.menu_desk']", run: "click" },
        // A neighbour reports the lamp next to it: the desk offers the known one, and the neighbour joins.
        { trigger: "#desk_search", run: "edit 067 111 22 33 && press Enter" },
        { trigger: "#desk_name", run: "edit Іван Гук" },
        ...chooseTopic("street lamp", "Street lamp is off"),
        { trigger: "#desk_street", run: "edit Соборна" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Соборна')", run: "click" },
        { trigger: "#desk_house", run: "edit 12" },
        { trigger: ".o_desk_nearby:contains('the same address')" },
        { trigger: ".o_desk_join", run: "click" },
        { trigger: ".o_desk_result:contains('Caller joined')" },
        { trigger: ".o_desk_next", run: "click" },
        // A question is answered from an article.
        ...chooseTopic("opening hours", "Opening hours"),
        { trigger: ".o_desk_article button:contains('When the town hall is open')", run: "click" },
        { trigger: ".o_desk_article_body:contains('From Monday to Friday')" },
        { trigger: ".o_desk_answered", run: "click" },
        { trigger: ".o_desk_result:contains('Consultation registered')" },
        { trigger: ".o_desk_next", run: "click" },
        // An abusive caller is refused.
        { trigger: "#desk_search", run: "edit 067 999 88 77 && press Enter" },
        { trigger: ".o_desk_refuse", run: "click" },
        { trigger: "#desk_reason", run: "select insults" },
        { trigger: "#desk_said", run: "edit Shouted at the operator" },
        { trigger: ".o_desk_confirm_refusal", run: "click" },
        { trigger: ".o_desk_result:contains('Caller refused')" },
    ],
});

const openMemo = [
    { trigger: ".o_data_row td[name=number]:contains('+380679998877')", run: "click" },
    { trigger: ".o_form_view .oe_title:contains('+380679998877')" },
];

tours.add("contact_center_journey_head", {
    steps: () => [
        ...openMemo,
        { trigger: ".o_field_widget[name=memo]:contains('Shouted at the operator')" },
        ...press("Approve"),
        { trigger: ".o_field_widget[name=decided_by_id]:contains('head')" },
    ],
});

tours.add("contact_center_journey_technical_administrator_blocks", {
    steps: () => [
        ...openMemo,
        ...press("Block"),
        ...confirm({ trigger: ".modal .o_field_widget[name=until]" }),
        { trigger: ".o_field_widget[name=blocked_until]" },
    ],
});

tours.add("contact_center_journey_blocked_caller", {
    steps: () => [
        { trigger: "#desk_search", run: "edit 067 999 88 77 && press Enter" },
        { trigger: ".o_desk_blocked:contains('Blocked until')" },
    ],
});

tours.add("contact_center_journey_technical_administrator_lifts", {
    steps: () => [
        ...openMemo,
        ...press("Lift the block"),
        ...confirm({ trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit Apologised" }),
        { trigger: ".o_field_widget[name=lift_reason]:contains('Apologised')" },
    ],
});

// It is the first page unless an addon brings another one.
const showHistory = { trigger: ".o_notebook .nav-link[name=history]", run: "click" };

tours.add("contact_center_journey_supervisor", {
    steps: () => [
        showBoard,
        ...openCard("Street lamp is off"),
        ...press("Extend"),
        ...confirm(
            { trigger: ".modal .o_field_widget[name=amount] input", run: "edit 5" },
            { trigger: ".modal .o_field_widget[name=reason] textarea", run: "edit The pole is on order" }
        ),
        showHistory,
        { trigger: ".o_form_view .o_field_widget[name=event_ids]:contains('The pole is on order')" },
        goBack,
        ...openCard("Pothole"),
        ...press("Rework"),
        ...confirm({ trigger: ".modal .o_field_widget[name=comment] textarea", run: "edit The photo shows another lamp" }),
        showHistory,
        { trigger: ".o_form_view .o_field_widget[name=event_ids]:contains('The photo shows another lamp')" },
    ],
});

tours.add("contact_center_journey_control_body", {
    steps: () => [
        showBoard,
        ...openCard("Street lamp is off"),
        ...press("Long-term plan"),
        ...confirm({ trigger: ".modal .o_field_widget[name=plan_document] input", run: "edit Decision 15-2" }),
        { trigger: ".o_form_view .o_field_widget[name=plan_document]:contains('Decision 15-2')" },
        goBack,
        ...openCard("Pothole"),
        ...press("Close"),
        ...confirm(
            { trigger: ".modal .o_field_widget[name=closing_reason] :is(input, select)", run: "click" },
            { trigger: ".o_select_menu_item:contains('Cannot be solved')" },
            // A tour takes the choices, which a phone shows on a sheet over the dialog, for being below it.
            {
                trigger: ".modal",
                run: () => queryFirst(".o_select_menu_item:contains('Cannot be solved')").click(),
            },
            { trigger: ".modal .o_field_widget[name=result] textarea", run: "edit The law forbids it" }
        ),
        { trigger: ".o_form_view .o_field_widget[name=closing_reason]" },
    ],
});

tours.add("contact_center_journey_analyst", {
    steps: () => [
        { trigger: ".o_pivot table:contains('Pothole')" },
        { isActive: ["desktop"], trigger: ".o_switch_view.o_graph", run: "click" },
        { isActive: ["mobile"], trigger: ".o_cp_switch_buttons button", run: "click" },
        { isActive: ["mobile"], trigger: ".o-dropdown-item:contains('Graph')", run: "click" },
        { trigger: ".o_graph_renderer canvas" },
    ],
});
