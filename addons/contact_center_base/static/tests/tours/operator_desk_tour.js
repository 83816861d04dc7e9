import { registry } from "@web/core/registry";

/** The steps that find a street by a former name and wait for what is known there. */
const PLACE_STEPS = [
    { trigger: "#desk_street", run: "edit Леніна" },
    { trigger: ".o-autocomplete--dropdown-item:contains('former Леніна')", run: "click" },
    { trigger: "#desk_house", run: "edit 12" },
    { trigger: ".o_desk_district:contains('Centre')" },
];

registry.category("web_tour.tours").add("contact_center_operator_desk", {
    steps: () => [
        // A known caller reports a lamp.
        { trigger: "#desk_search", run: "edit 050 123 45 67 && press Enter" },
        { trigger: ".o_desk_applicants:contains('Оксана Ткач') input:checked" },
        { trigger: "#desk_words", run: "edit street lamp" },
        { trigger: "[role=option]:contains('Street lamp is off')" },
        { trigger: "#desk_words", run: "press Enter" },
        { trigger: ".o_desk_category:contains('Street lamp is off')" },
        ...PLACE_STEPS,
        { trigger: ".o_desk_known:contains('No open request of this topic here')" },
        { trigger: ".o_desk_register", run: "click" },
        { trigger: ".o_desk_number:contains('CC-')" },
        { trigger: ".o_desk_next", run: "click" },
        // A neighbour calls about the same lamp and joins.
        { trigger: "#desk_search", run: "edit 067 111 22 33 && press Enter" },
        { trigger: "#desk_name", run: "edit Іван Гук" },
        { trigger: "#desk_words", run: "edit street lamp" },
        { trigger: "[role=option]:contains('Street lamp is off')" },
        { trigger: "#desk_words", run: "press Enter" },
        ...PLACE_STEPS,
        { trigger: ".o_desk_nearby:contains('the same address')" },
        { trigger: ".o_desk_join", run: "click" },
        { trigger: ".o_desk_result:contains('Caller joined')" },
        { trigger: ".o_desk_next", run: "click" },
        // Somebody asks and is answered from an article.
        { trigger: "#desk_words", run: "edit opening hours" },
        { trigger: "[role=option]:contains('Opening hours')" },
        { trigger: "#desk_words", run: "press Enter" },
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
