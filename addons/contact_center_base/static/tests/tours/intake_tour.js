import { registry } from "@web/core/registry";

const MOST_ACTIONS = 6;
const PLACE = { coords: { latitude: 47.9001, longitude: 33.3901 } };

/** Fields and taps; the steps without `run` only wait. */
const steps = [
    { trigger: "#intake_description", run: "edit street lamp" },
    { trigger: "#part_topics label:contains('Street lamp is off')", run: "click" },
    { trigger: ".o_cc_locate:visible", run: "click" },
    { trigger: "#part_point:contains('The point is marked')" },
    { trigger: "#intake_phone", run: "edit 050 111 22 33" },
    { trigger: "#intake_consent", run: "click" },
    { trigger: ".o_cc_send button", run: "click", expectUnloadPage: true },
    { trigger: "h1:contains('Thank you, it is registered')" },
];

registry.category("web_tour.tours").add("contact_center_intake", {
    steps: () => {
        const actions = steps.filter(({ run }) => run);
        if (actions.length > MOST_ACTIONS) {
            throw new Error(`${actions.length} actions are too many`);
        }
        return [
            {
                trigger: ".o_cc_intake",
                // The device of a test doesn't know where it is.
                run() {
                    navigator.geolocation.getCurrentPosition = (found) => found(PLACE);
                },
            },
            ...steps,
        ];
    },
});
